import { defineMeasure } from "@semblance/core";
import { z } from "zod";
import { contingency, isRelabelling } from "../partitions/contingency.js";
import { partitionsOf } from "../partitions/labels.js";
import { pairCounts } from "../partitions/pair-counts.js";

/**
 * Adjusted Rand index: the Rand index, corrected so that random partitions of the same sizes score 0 on average.
 *
 *     ARI = 2 (TP·TN − FN·FP) / ((TP + FN)(FN + TN) + (TP + FP)(FP + TN))        truth, predicted: [n] → [−1, 1]
 *
 * Edges    the same partition under other names (also one cluster, or all singletons) and n = 0 → 1; exactly one side constant → 0
 * Laws     symmetric; may be negative
 * Errors   LENGTHS_DIFFER, LABEL_NOT_INTEGER
 * Source   Hubert, Arabie, "Comparing Partitions", Journal of Classification 2 (1985), in Warrens' form by pair counts (2008)
 */
export function adjustedRandIndex(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const table = contingency(truth, predicted);
  if (isRelabelling(table)) return 1;
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn, total } = pairCounts(table);
  // Shares instead of counts: products of counts leave the exact integers above n ≈ 14,000.
  const [p, f, g, q] = [tp / total, fp / total, fn / total, tn / total];
  return (2 * (p * q - g * f)) / ((p + g) * (g + q) + (p + f) * (f + q));
}

export const ariMeasure = defineMeasure({
  name: "ari",
  summary: "Rand index corrected for chance: 0 for random clusters, 1 for the classes themselves.",
  formula: "ARI = (TP − E) / (½(Σ pairs(a) + Σ pairs(b)) − E), E = Σ pairs(a) Σ pairs(b) / pairs(n)",
  source: "Hubert & Arabie, Journal of Classification 2 (1985)",
  config: z.strictObject({}),
  needs: "partition",
  higherIsBetter: true,
  compute: (inputs) => adjustedRandIndex(...partitionsOf("ari", inputs)),
});
