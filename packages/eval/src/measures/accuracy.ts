import { defineMeasure } from "@semblance/core";
import { z } from "zod";
import { inputEmpty } from "../errors.js";
import { contingency } from "../partitions/contingency.js";
import { partitionsOf } from "../partitions/labels.js";
import { matchedRows, optimalMatching } from "../partitions/optimal-matching.js";

/**
 * Clustering accuracy: the share of rows in the right place under the best one-to-one naming of clusters by classes.
 *
 *     ACC = max_σ (1/n) Σⱼ n_{σ(j) j}        truth, predicted: [n] → [0, 1], σ injective
 *
 * Edges    more clusters than classes: rows of unmatched clusters are errors; fewer: rows of unmatched classes are
 * Laws     symmetric; ACC ≤ purity; one cluster → the share of the largest class
 * Errors   INPUT_EMPTY, LENGTHS_DIFFER, LABEL_NOT_INTEGER, MATCHING_TOO_LARGE
 * Source   Yang, Xu, Nie, Yan, Zhuang, "Image Clustering Using Local Discriminant Models", IEEE TIP 19 (2010)
 */
export function clusteringAccuracy(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const table = contingency(truth, predicted);
  if (table.rows === 0) throw inputEmpty("truth");
  return matchedRows(table, optimalMatching(table)) / table.rows;
}

export const accuracyMeasure = defineMeasure({
  name: "accuracy",
  summary: "Share of rows in the right cluster under the optimal matching of clusters to classes.",
  formula: "ACC = max_σ (1/n) Σⱼ n_{σ(j) j} over injective σ",
  source: "Yang et al., IEEE Transactions on Image Processing 19 (2010)",
  config: z.strictObject({}),
  needs: "partition",
  higherIsBetter: true,
  compute: (inputs) => clusteringAccuracy(...partitionsOf("accuracy", inputs)),
});
