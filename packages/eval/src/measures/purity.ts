import { defineMeasure } from "@semblance/core";
import { z } from "zod";
import { inputEmpty } from "../errors.js";
import { contingency } from "../partitions/contingency.js";
import { partitionsOf } from "../partitions/labels.js";

/**
 * Purity: the share of rows that belong to the largest class of their cluster.
 *
 *     purity = (1/n) Σⱼ maxᵢ nᵢⱼ        truth, predicted: [n] → [0, 1]
 *
 * Not symmetric, and 1 for singletons: more clusters never lower it. Compare it at equal numbers of clusters only.
 *
 * Laws     purity ≥ ACC
 * Errors   INPUT_EMPTY, LENGTHS_DIFFER, LABEL_NOT_INTEGER
 * Source   Manning, Raghavan, Schütze, "Introduction to Information Retrieval" (2008), section 16.3
 */
export function purity(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const table = contingency(truth, predicted);
  if (table.rows === 0) throw inputEmpty("truth");
  const largest = new Float64Array(table.clusterSizes.length);
  for (const { cluster, count } of table.cells) largest[cluster] = Math.max(largest[cluster]!, count);
  return largest.reduce((sum, count) => sum + count, 0) / table.rows;
}

export const purityMeasure = defineMeasure({
  name: "purity",
  summary: "Share of rows in the majority class of their cluster.",
  formula: "purity = (1/n) Σⱼ maxᵢ nᵢⱼ",
  source: "Manning, Raghavan & Schütze, Introduction to Information Retrieval (2008), section 16.3",
  config: z.strictObject({}),
  needs: "partition",
  higherIsBetter: true,
  compute: (inputs) => purity(...partitionsOf("purity", inputs)),
});
