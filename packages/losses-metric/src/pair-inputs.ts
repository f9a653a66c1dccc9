import type { LossInput } from "@semblance/core";

/** What losses over the pairs of a batch are fed: `pairMasks` reads the last two, of which one is given. */
export const pairInputs = {
  embeddings: {
    axes: ["n", "d"],
    type: "float",
    description: "the rows that are compared",
    differentiable: true,
  },
  labels: { axes: ["n"], type: "int32", description: "class of each row", optional: true },
  relations: {
    axes: ["n", "n"],
    type: "float",
    description: "1 for similar, −1 for dissimilar, 0 for unknown pairs, where there are no labels",
    optional: true,
    domain: "relations",
  },
} as const satisfies Record<string, LossInput>;
