import { contingency } from "../partitions/contingency.js";
import { pairCounts } from "../partitions/pair-counts.js";

/**
 * Fowlkes–Mallows index: the geometric mean of pairwise precision and recall.
 *
 *     FMI = TP / √((TP + FP)(TP + FN))        truth, predicted: [n] → [0, 1]
 *
 * Edges    TP = 0 → 0, also for two partitions into singletons (as in scikit-learn)
 * Laws     symmetric; FMI ≥ pairwise F1
 * Errors   LENGTHS_DIFFER, LABEL_NOT_INTEGER
 * Source   Fowlkes, Mallows, "A Method for Comparing Two Hierarchical Clusterings", JASA 78 (1983)
 */
export function fowlkesMallows(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const { truePositives, falsePositives, falseNegatives } = pairCounts(contingency(truth, predicted));
  if (truePositives === 0) return 0;
  const precision = truePositives / (truePositives + falsePositives);
  const recall = truePositives / (truePositives + falseNegatives);
  return Math.sqrt(precision * recall);
}
