import { defineMeasure } from "@semblance/core";
import { z } from "zod";
import { contingency } from "../partitions/contingency.js";
import { partitionsOf } from "../partitions/labels.js";
import { pairCounts } from "../partitions/pair-counts.js";

/**
 * Rand index: the share of pairs of rows on which two partitions agree.
 *
 *     RI = (TP + TN) / T        truth, predicted: [n] → [0, 1]
 *
 * Edges    fewer than two rows → 1
 * Laws     symmetric; 1 − RI = (FP + FN)/T
 * Errors   LENGTHS_DIFFER, LABEL_NOT_INTEGER
 * Source   Rand, "Objective Criteria for the Evaluation of Clustering Methods", JASA 66 (1971)
 */
export function randIndex(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const { truePositives, trueNegatives, total } = pairCounts(contingency(truth, predicted));
  return total === 0 ? 1 : (truePositives + trueNegatives) / total;
}

export const randIndexMeasure = defineMeasure({
  name: "rand-index",
  summary: "Share of pairs of rows on which the clusters agree with the classes.",
  formula: "RI = (TP + TN) / T over pairs of rows",
  source: "Rand, JASA 66 (1971)",
  config: z.strictObject({}),
  needs: "partition",
  higherIsBetter: true,
  compute: (inputs) => randIndex(...partitionsOf("rand-index", inputs)),
});
