import { defineMeasure } from "@semblance/core";
import { z } from "zod";
import { contingency, isRelabelling } from "../partitions/contingency.js";
import { expectedMutualInformation } from "../partitions/expected-mutual-information.js";
import { partitionsOf } from "../partitions/labels.js";
import { partitionInformation } from "../partitions/mutual-information.js";

/**
 * Adjusted mutual information: mutual information, corrected so that random partitions of the same sizes score 0 on average.
 *
 *     AMI = (I − E[I]) / (½(H(y) + H(p)) − E[I])        truth, predicted: [n] → (−1, 1]
 *
 * Edges    the same partition under other names, and n = 0 → 1
 * Laws     symmetric; may be negative
 * Errors   LENGTHS_DIFFER, LABEL_NOT_INTEGER
 * Source   Vinh, Epps, Bailey, "Information Theoretic Measures for Clusterings Comparison", JMLR 11 (2010)
 */
export function adjustedMutualInformation(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const table = contingency(truth, predicted);
  if (isRelabelling(table)) return 1;
  const { classEntropy, clusterEntropy, mutual } = partitionInformation(table);
  const expected = expectedMutualInformation(table);
  const room = (classEntropy + clusterEntropy) / 2 - expected;
  // The reference's guard: no room above chance gives a huge score of the right sign, never a division by zero.
  const guarded = room < 0 ? Math.min(room, -Number.EPSILON) : Math.max(room, Number.EPSILON);
  return (mutual - expected) / guarded;
}

export const amiMeasure = defineMeasure({
  name: "ami",
  summary: "Mutual information corrected for chance: 0 for random clusters, 1 for the classes themselves.",
  formula: "AMI = (I − E[I]) / (½(H(y) + H(p)) − E[I])",
  source: "Vinh, Epps & Bailey, JMLR 11 (2010)",
  config: z.strictObject({}),
  needs: "partition",
  higherIsBetter: true,
  compute: (inputs) => adjustedMutualInformation(...partitionsOf("ami", inputs)),
});
