import { defineMeasure } from "@semblance/core";
import { z } from "zod";
import { contingency } from "../partitions/contingency.js";
import { partitionsOf } from "../partitions/labels.js";
import { pairCounts } from "../partitions/pair-counts.js";

/**
 * Pairwise F1, the "F1" of deep metric learning: precision and recall of putting two rows together.
 *
 *     F1 = 2 TP / (2 TP + FP + FN)        truth, predicted: [n] → [0, 1]
 *
 * Edges    neither partition puts any two rows together → 1; nothing in common → 0
 * Laws     symmetric; F1 ≤ Fowlkes–Mallows
 * Errors   LENGTHS_DIFFER, LABEL_NOT_INTEGER
 * Source   Manning, Raghavan, Schütze, "Introduction to Information Retrieval" (2008), section 16.3
 */
export function pairwiseF1(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const { truePositives, falsePositives, falseNegatives } = pairCounts(contingency(truth, predicted));
  const weight = 2 * truePositives + falsePositives + falseNegatives;
  return weight === 0 ? 1 : (2 * truePositives) / weight;
}

export const pairwiseF1Measure = defineMeasure({
  name: "pairwise-f1",
  summary: "Harmonic mean of precision and recall over pairs of rows put together.",
  formula: "F1 = 2 TP / (2 TP + FP + FN) over pairs of rows",
  source: "Manning, Raghavan & Schütze, Introduction to Information Retrieval (2008), section 16.3",
  config: z.strictObject({}),
  needs: "partition",
  higherIsBetter: true,
  compute: (inputs) => pairwiseF1(...partitionsOf("pairwise-f1", inputs)),
});
