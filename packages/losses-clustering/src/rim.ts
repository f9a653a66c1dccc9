import {
  add,
  ConfigError,
  defineLoss,
  div,
  full,
  mul,
  normalise,
  square,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";
import { clustersKey, requireClusters } from "./clusters.js";
import { type Entropies, entropiesOfLogits, entropiesOfPosteriors } from "./entropies.js";

const config = z.strictObject({
  clusters: clustersKey,
  lambda: z
    .number()
    .min(0)
    .default(1)
    .describe("λ, the weight of the marginal entropy, which balances clusters, 0 or more"),
  normalise: z
    .enum(["none", "logK", "released"])
    .default("none")
    .describe(
      "none: entropies in nats; logK: both divided by log K; released: as in the CBSwR program, the first by log N",
    ),
  logits: z
    .strictObject({
      normalise: z.boolean().default(false).describe("whether each row of logits is scaled to unit norm"),
      scale: z.number().positive().default(1).describe("what they are multiplied by, above 0"),
    })
    .prefault({})
    .describe("what is done to logits before the softmax: { normalise, scale }"),
  l2: z.number().min(0).default(0).describe("the weight of the squared norm of the classifier's weights, 0 or more"),
});

type RimConfig = z.infer<typeof config>;

/**
 * Regularised information maximisation, minimised.
 *
 *     L = H(Y|X) − λ·H(Y) + l2·‖W‖²                        (normalise: none)
 *     L = H(Y|X)/log K + 1 − λ·H(Y)/log K + l2·‖W‖²        (logK; released divides the first by log N)
 *     H(Y|X) = −(1/N) Σᵢ Σₖ pᵢₖ log pᵢₖ,   H(Y) = −Σₖ πₖ log πₖ,   πₖ = (1/N) Σᵢ pᵢₖ,   0·log 0 = 0 and 0/log 1 = 0
 *
 * ‖W‖² is the sum of squares of `weights` plus `squaredNorm`. In training it is the model's own norm: the sum of squares of its
 * weight matrices without biases, or tr(WᵀKW) for model kernel, which makes this kernel RIM. Logits are preferred where both are given.
 *
 * Shapes   posteriors or logits: [n, k]; weights: [d, k]; squaredNorm: []  →  []
 * Laws     with λ = 1 and no penalty, −log K ≤ L ≤ 0; 0 for equal rows, −log K for one-hot and balanced ones; unchanged by permuting
 *          clusters or rows, by repeating rows and, without logK and released, by empty clusters
 * Errors   RIM_INPUT_MISSING, RIM_INPUT_INVALID, CLUSTERS_MISMATCH
 * Source   Krause, Perona, Gomes, Discriminative Clustering by Regularized Information Maximization, NIPS 2010, equations 3 to 7
 */
export const rim = defineLoss({
  name: "clustering/rim",
  summary: "Regularised information maximisation: confident rows, balanced clusters, small weights.",
  formula: "H(Y|X) − λ·H(Y) + l2·‖W‖²",
  source: "Krause et al., NIPS 2010",
  config,
  examples: [
    {},
    { lambda: 2.5, clusters: 3 },
    { normalise: "logK", logits: { normalise: true, scale: 10 } },
    { normalise: "released" },
    { l2: 0.1 },
  ],
  inputs: {
    posteriors: {
      axes: ["n", "k"],
      type: "float",
      description: "cluster probabilities of each row",
      domain: "simplex",
      differentiable: true,
      optional: true,
    },
    logits: {
      axes: ["n", "k"],
      type: "float",
      description: "what the cluster probabilities are the softmax of",
      differentiable: true,
      optional: true,
    },
    weights: {
      axes: ["d", "k"],
      type: "float",
      description: "weights of the classifier, for l2",
      differentiable: true,
      optional: true,
    },
    squaredNorm: {
      axes: [],
      type: "float",
      description: "the squared norm of the model's weights, for l2; training gives it",
      differentiable: true,
      optional: true,
    },
  },
  // π is a mean over the batch inside a logarithm, so parts of a batch cannot be scored apart.
  shards: "needs-gather",
  laws: ["cluster-permutation-invariant"],
  score: (loss) => -loss,
  outputs: ({ clusters }) => clusters,
  build(inputs, settings: RimConfig) {
    const given = inputs.logits ?? inputs.posteriors;
    requireRows(given, settings.clusters);
    const [rows, clusters] = [given.shape[0]!, given.shape[1]!];
    const entropies = inputs.logits
      ? entropiesOfLogits(prepared(inputs.logits, settings))
      : entropiesOfPosteriors(inputs.posteriors!);
    const information = combined(entropies, settings, rows, clusters);
    return settings.l2 === 0 ? information : add(information, mul(squaredNormOf(inputs, information), settings.l2));
  },
});

function combined({ marginal, conditional }: Entropies, settings: RimConfig, rows: number, clusters: number): Tensor {
  const { normalise: form, lambda } = settings;
  if (form === "none") return sub(conditional, mul(marginal, lambda));
  // Where the logarithm is 0 so is the entropy, and the quotient is taken as 0.
  const first = div(conditional, Math.log(form === "logK" ? clusters : rows) || 1);
  return sub(add(first, 1), mul(div(marginal, Math.log(clusters) || 1), lambda));
}

function prepared(logits: Tensor, { logits: { normalise: unit, scale } }: RimConfig): Tensor {
  const rows = unit ? normalise(logits) : logits;
  return scale === 1 ? rows : mul(rows, scale);
}

/** ‖W‖², of what is given. */
function squaredNormOf({ weights, squaredNorm }: Readonly<Record<string, Tensor>>, like: Tensor): Tensor {
  if (!weights && !squaredNorm) {
    throw new ConfigError("RIM_INPUT_MISSING", "l2 is set and there are no weights to penalise", {
      where: 'loss "clustering/rim"',
      fix: "Pass weights [D, K] or squaredNorm [], or leave l2 out.",
    });
  }
  const sums = weights ? sum(square(weights)) : full([], 0, like.dtype);
  return squaredNorm ? add(sums, squaredNorm) : sums;
}

function requireRows(given: Tensor | undefined, clusters: number | undefined): asserts given is Tensor {
  if (!given) {
    throw new ConfigError("RIM_INPUT_MISSING", "there are neither posteriors nor logits", {
      where: 'loss "clustering/rim"',
      fix: "Pass posteriors [N, K] or logits [N, K].",
    });
  }
  requireClusters(given, clusters, { loss: "clustering/rim", what: "posteriors or logits", code: "RIM_INPUT_INVALID" });
}
