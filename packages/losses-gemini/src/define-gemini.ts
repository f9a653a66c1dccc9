import { type BuildContext, defineLoss, type Loss, type LossInput, neg, type Tensor } from "@semblance/core";
import type { z } from "zod";
import { GEMINI_LAWS, requirePosteriors } from "./posteriors.js";

/** Every GEMINI may fix the number of its clusters. */
interface GeminiConfig {
  readonly clusters?: number | undefined;
}

/** What is a GEMINI's own: the rest is the same for all of them. */
export interface Gemini<Config extends GeminiConfig>
  extends Pick<Loss<Config>, "summary" | "formula" | "examples" | "heldFixed" | "affinity" | "supplied"> {
  /** Without the family: `kl-ova`. */
  readonly name: string;
  readonly config: z.ZodType<Config>;
  /** Inputs beside `posteriors`. */
  readonly inputs?: Readonly<Record<string, LossInput>>;
  /** G, which the literature maximises. `loss` is how messages call it. */
  score(
    posteriors: Tensor,
    inputs: Readonly<Record<string, Tensor>>,
    settled: { readonly config: Config; readonly context: BuildContext; readonly loss: string },
  ): Tensor;
}

const posteriors: LossInput = {
  axes: ["n", "k"],
  type: "float",
  description: "cluster probabilities of each row",
  domain: "simplex",
  differentiable: true,
};

/**
 * A loss `gemini/…` from the score G of posteriors [n, k]. It is minimised as −G, and reported as G.
 *
 * @throws while it is built ShapeError POSTERIORS_INVALID, ConfigError CLUSTERS_MISMATCH, and what the score throws
 */
export function defineGemini<Config extends GeminiConfig>(gemini: Gemini<Config>): Loss<Config> {
  const { name, inputs = {}, score, ...rest } = gemini;
  const loss = `gemini/${name}`;
  return defineLoss<Config>({
    ...rest,
    name: loss,
    source: "Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1",
    inputs: { posteriors, ...inputs },
    // π is a mean over the batch inside a function that is not linear, so parts of a batch cannot be scored apart.
    shards: "needs-gather",
    laws: GEMINI_LAWS,
    score: (value) => -value,
    outputs: ({ clusters }) => clusters,
    build({ posteriors: p, ...others }, config, context) {
      requirePosteriors(p!, config.clusters, loss);
      return neg(score(p!, others, { config, context, loss }));
    },
  });
}
