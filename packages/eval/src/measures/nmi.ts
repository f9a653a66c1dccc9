import { defineMeasure } from "@semblance/core";
import { z } from "zod";
import { settingInvalid } from "../errors.js";
import { contingency } from "../partitions/contingency.js";
import { partitionsOf } from "../partitions/labels.js";
import { partitionInformation } from "../partitions/mutual-information.js";

/** The mean of the two entropies that the mutual information is divided by. */
const averages = {
  arithmetic: (a: number, b: number) => (a + b) / 2,
  geometric: (a: number, b: number) => Math.sqrt(a * b),
  min: Math.min,
  max: Math.max,
} as const;
export type NmiAverage = keyof typeof averages;
const AVERAGES = Object.keys(averages) as [NmiAverage, ...NmiAverage[]];

/**
 * Normalised mutual information.
 *
 *     NMI = I(y; p) / mean(H(y), H(p))        truth, predicted: [n] → [0, 1]
 *
 * `average` is arithmetic (default; then NMI is the V-measure), geometric (scikit-learn before 0.22, and the multi-view DDC
 * code), min or max. State which one a number uses.
 *
 * Edges    both constant, or n = 0 → 1; otherwise I = 0 → 0
 * Laws     symmetric; max ≤ arithmetic ≤ geometric ≤ min, by the name of the denominator
 * Errors   LENGTHS_DIFFER, LABEL_NOT_INTEGER, SETTING_INVALID
 * Source   Strehl, Ghosh, "Cluster Ensembles", JMLR 3 (2002); Vinh, Epps, Bailey, JMLR 11 (2010)
 */
export function normalisedMutualInformation(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { average = "arithmetic" }: { readonly average?: NmiAverage } = {},
): number {
  const mean = averages[average];
  if (mean === undefined) throw settingInvalid("average", `one of ${AVERAGES.join(", ")}`, average);
  const table = contingency(truth, predicted);
  if (table.classSizes.length <= 1 && table.clusterSizes.length <= 1) return 1;
  const { classEntropy, clusterEntropy, mutual } = partitionInformation(table);
  // With one side constant, I and the geometric and minimal denominators are all 0.
  return mutual === 0 ? 0 : Math.min(1, mutual / mean(classEntropy, clusterEntropy));
}

export const nmiMeasure = defineMeasure({
  name: "nmi",
  summary: "Information that clusters and classes share, as a share of what they hold.",
  formula: "NMI = I(y; p) / mean(H(y), H(p))",
  source: "Strehl & Ghosh, JMLR 3 (2002)",
  config: z.strictObject({
    average: z.enum(AVERAGES).default("arithmetic").describe("The mean of the two entropies in the denominator."),
  }),
  needs: "partition",
  higherIsBetter: true,
  compute: (inputs, config) => normalisedMutualInformation(...partitionsOf("nmi", inputs), config),
});
