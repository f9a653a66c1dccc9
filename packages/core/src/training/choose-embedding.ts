import type { Catalogue, Chosen } from "../container/catalogue.js";
import type { ArgumentDomain } from "../contracts/divergence.js";
import type { LossFacts } from "../contracts/loss.js";
import type { EmbeddingActivation } from "../contracts/model.js";
import { ConfigError } from "../errors.js";
import { domainWords } from "../evaluation/check-domain.js";

/** How wide an embedding is, and what is done with the output of the head to make it one. */
export interface EmbeddingOptions {
  readonly width?: number;
  readonly activation?: EmbeddingActivation;
}

export interface EmbeddingHead {
  readonly width: number;
  readonly activation: EmbeddingActivation;
}

/** Where neither the user nor the divergence says how wide it is. */
const USUAL_WIDTH = 64;

/** The domains that the values of an activation lie in. A softplus of a very negative number, and a softmax, may round to 0. */
const WITHIN: Readonly<Record<EmbeddingActivation, readonly ArgumentDomain[]>> = {
  none: ["real"],
  normalise: ["real"],
  softplus: ["real", "non-negative", "positive"],
  sigmoid: ["real", "non-negative", "positive", "unit", "open-unit"],
  softmax: ["real", "non-negative", "positive", "unit", "open-unit"],
};

/**
 * Whether the output of the head is the embedding, as for a loss that reads embeddings and asks for no clusters or classes, and which.
 *
 * @throws ConfigError EMBEDDING_UNUSED when an embedding is described and the loss takes none of its own; EMBEDDING_OUTSIDE_DOMAIN when
 *         the divergence of the loss cannot take what the activation gives
 */
export function chooseEmbedding(
  catalogue: Catalogue,
  loss: Chosen<"loss">,
  facts: LossFacts,
  asked: EmbeddingOptions | undefined,
): EmbeddingHead | undefined {
  const { entry, config } = loss;
  const where = `loss "${entry.name}"`;
  if (entry.outputs || !(entry.inputs.embeddings || entry.inputs.anchors)) {
    if (!asked) return undefined;
    throw new ConfigError("EMBEDDING_UNUSED", `loss "${entry.name}" has the head give clusters or classes`, {
      where: `embedding, ${where}`,
      fix: "Leave embedding out, or choose a metric loss.",
    });
  }
  const { activation = "none" } = asked ?? {};
  const reference = entry.divergence?.(config);
  if (reference === undefined) return { width: asked?.width ?? USUAL_WIDTH, activation };
  const divergence = catalogue.choose("divergence", reference, `${where}, divergence`);
  const { first = "real", second = "real" } = divergence.entry.domain ?? {};
  for (const domain of [first, second]) {
    if (WITHIN[activation].includes(domain)) continue;
    const fitting = Object.entries(WITHIN).flatMap(([name, domains]) => (domains.includes(domain) ? [name] : []));
    throw new ConfigError(
      "EMBEDDING_OUTSIDE_DOMAIN",
      `divergence "${divergence.entry.name}" takes ${domainWords(domain)}, and the embedding is not kept there`,
      {
        where: `${where}, divergence "${divergence.entry.name}"`,
        fix: `Set embedding.activation: ${fitting.join(" or ")}.`,
      },
    );
  }
  const width = asked?.width ?? divergence.entry.outputs?.(divergence.config, facts) ?? USUAL_WIDTH;
  return { width, activation };
}
