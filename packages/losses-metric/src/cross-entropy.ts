import { defineLoss, ShapeError, showShape, type Tensor } from "@semblance/core";
import { z } from "zod";
import { crossEntropyTerms } from "./cross-entropy-terms.js";
import { reduceRows, reductionKey } from "./reduction.js";

const config = z.strictObject({ reduction: reductionKey });

/**
 * Cross-entropy of softmax classification, minimised.
 *
 *     tᵢ = −log softmax(zᵢ)[yᵢ] = log Σ_c exp(zᵢ_c) − zᵢ[yᵢ]
 *
 * Shapes   logits z: [n, c]; labels y: [n] in 0 … c − 1  →  terms [n], reduced to []
 * Laws     t ≥ 0; log c for equal logits; unchanged by adding a number to a row of z; finite for logits of any finite size
 * Errors   LOGITS_INVALID; INDEX_OUT_OF_RANGE when a label is no class, while running
 * Source   Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3
 */
export const crossEntropy = defineLoss({
  name: "classification/cross-entropy",
  summary: "Negative log-probability of the right class.",
  formula: "t = −log softmax(z)[y]",
  source: "Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3",
  config,
  examples: [{}, { reduction: "mean-nonzero" }, { reduction: "sum" }, { reduction: "per-anchor" }],
  inputs: {
    logits: { axes: ["n", "c"], type: "float", description: "class scores before the softmax", differentiable: true },
    labels: { axes: ["n"], type: "int32", description: "class of each row, from 0" },
  },
  // The terms of rows add up, but the number that a mean divides by is known of the whole batch only.
  shards: "needs-gather",
  laws: ["non-negative", "row-shift-invariant"],
  outputs: (_, { classes }) => classes,
  build({ logits, labels }, { reduction }: z.infer<typeof config>) {
    const z = logits!;
    const y = labels!;
    requireLogits(z, y);
    return reduceRows(crossEntropyTerms(z, y), reduction);
  },
});

function requireLogits({ shape, dtype }: Tensor, labels: Tensor): void {
  const fits =
    shape.length === 2 && shape[0]! > 0 && shape[1]! > 0 && labels.rank === 1 && labels.shape[0] === shape[0];
  if (fits && labels.dtype === "int32") return;
  throw new ShapeError(
    "LOGITS_INVALID",
    `logits are ${dtype}${showShape(shape)} beside labels ${labels.dtype}${showShape(labels.shape)}`,
    {
      where: 'loss "classification/cross-entropy"',
      fix: "Pass logits [n, c] of at least one row and class, and int32 labels [n].",
    },
  );
}
