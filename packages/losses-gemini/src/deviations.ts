import { add, mean, min, stopGradient, sub, type Tensor } from "@semblance/core";

export interface Deviations {
  /** π [1, k], the mean of each column. */
  readonly shares: Tensor;
  /** p − π [n, k]: each column's mean is 0. */
  readonly deviations: Tensor;
}

/**
 * Posteriors as shares and what they deviate from them: p = π + d.
 *
 * Both are measured from the column's least entry, so that equal rows give d = 0 exactly and π = p exactly. From 0, rounding in π
 * would leave noise in d, and its sign or its direction is a gradient of full size. The least entry, not the first: beside it an outlying
 * row costs no digits. A constant shift cancels, also in the derivative. Entries that are 0 give d = −π exactly, so that they tie.
 */
export function deviationsOf(p: Tensor): Deviations {
  const least = stopGradient(min(p, { axes: [0], keepDims: true }));
  const above = sub(p, least);
  const aboveMean = mean(above, { axes: [0], keepDims: true });
  return { shares: add(least, aboveMean), deviations: sub(above, aboveMean) };
}
