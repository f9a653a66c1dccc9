import { defineMeasure, type NdArray } from "@semblance/core";
import { z } from "zod";
import { inputMissing, settingInvalid } from "../errors.js";
import { posteriorRows } from "../partitions/posterior-rows.js";

// The Rényi form loses all digits near 1; within this distance Shannon's is closer than rounding.
const SHANNON_WITHIN = 1e-6;
const LOG_FLOOR = 1e-12;

/**
 * Rényi entropy of a probability vector, in nats.
 *
 *     H_α(q) = log(Σ q^α) / (1 − α)      H₁ = −Σ q log q      H₀ = log |support|      H_∞ = −log max q
 *
 * Edges    0 log 0 = 0; one-hot → 0
 * Laws     non-increasing in α; log K for uniform q
 * Errors   SETTING_INVALID for α < 0 or NaN
 * Source   Rényi, "On Measures of Entropy and Information" (1961)
 */
export function renyiEntropy(probabilities: ArrayLike<number>, alpha = 1): number {
  if (!(alpha >= 0)) throw settingInvalid("alpha", "a number of at least 0, or infinity", alpha);
  const q = Array.from(probabilities);
  const largest = q.reduce((most, p) => Math.max(most, p), 0);
  // max(…, 0): the logarithm of a sum of 1 + 1e-16 must not give −0 or a negative entropy.
  if (alpha === Number.POSITIVE_INFINITY) return Math.max(0, -Math.log(Math.max(largest, LOG_FLOOR)));
  if (alpha === 0) return Math.log(q.filter((p) => p > 0).length);
  if (Math.abs(alpha - 1) < SHANNON_WITHIN) {
    return Math.max(
      0,
      q.reduce((sum, p) => sum - p * Math.log(Math.max(p, LOG_FLOOR)), 0),
    );
  }
  // Relative to the largest entry, so that a large α does not underflow the whole sum to 0.
  const sum = q.reduce((total, p) => total + (p > 0 ? (p / largest) ** alpha : 0), 0);
  return Math.max(0, (alpha * Math.log(largest) + Math.log(sum)) / (1 - alpha));
}

/** What an entropy is taken of: each row, then averaged, or the mean row (the cluster sizes). */
export type EntropyOf = "samples" | "mean";

/**
 * Entropy of soft assignments.
 *
 *     of = samples: (1/N) Σᵢ H_α(pᵢ)        of = mean: H_α((1/N) Σᵢ pᵢ)        posteriors: [N, K] → [0, log K]
 *
 * Of the samples it says how undecided rows are, of the mean how evenly the clusters are used. With α = 1 the second minus the
 * first is the mutual information of rows and clusters.
 *
 * Errors   RANK_MISMATCH, INPUT_EMPTY, NOT_A_DISTRIBUTION, SETTING_INVALID
 */
export function assignmentEntropy(
  posteriors: NdArray,
  { alpha = 1, of = "samples" }: { readonly alpha?: number; readonly of?: EntropyOf } = {},
): number {
  const { rows, columns, values } = posteriorRows(posteriors);
  const mean = new Float64Array(columns);
  const row = new Float64Array(columns);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      row[k] = values[i * columns + k]!;
      mean[k]! += row[k]! / rows;
    }
    if (of === "samples") total += renyiEntropy(row, alpha);
  }
  return of === "samples" ? total / rows : renyiEntropy(mean, alpha);
}

export const entropyMeasure = defineMeasure({
  name: "entropy",
  summary: "How undecided the soft assignments are (of: samples), or how evenly clusters are used (of: mean).",
  formula: "H_α(q) = log(Σ q^α) / (1 − α), Shannon at α = 1, in nats",
  source: "Rényi, On Measures of Entropy and Information (1961)",
  config: z.strictObject({
    alpha: z
      .union([z.number().min(0), z.literal("infinity")])
      .default(1)
      .describe("The order of the entropy: 1 is Shannon's, 0 counts the support, infinity looks at the largest entry."),
    of: z
      .enum(["samples", "mean"])
      .default("samples")
      .describe("The mean of the rows' entropies, or the entropy of the mean row."),
  }),
  needs: "posteriors",
  // Confident rows are usually wanted; evenly used clusters too, so of: mean reads the other way round.
  higherIsBetter: false,
  compute: ({ posteriors }, { alpha, of }) => {
    if (posteriors === undefined) throw inputMissing("entropy", "posteriors");
    return assignmentEntropy(posteriors, { alpha: alpha === "infinity" ? Number.POSITIVE_INFINITY : alpha, of });
  },
});
