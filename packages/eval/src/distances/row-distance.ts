import { z } from "zod";

/** The distances that measures can rank by, under the names of the registered distances. */
export const DISTANCES = ["euclidean", "squared-euclidean", "manhattan", "chebyshev", "cosine"] as const;
export type DistanceName = (typeof DISTANCES)[number];

/** The configuration key that every measure with a distance shares. */
export const distanceSetting = z
  .enum(DISTANCES)
  .default("euclidean")
  .describe("The distance between two rows; squared-euclidean ranks as euclidean does.");

/** The distance of the `width` numbers of x from `i` on to those of y from `j` on. */
export type RowDistance = (x: Float64Array, i: number, y: Float64Array, j: number, width: number) => number;

// Differences, never ‖x‖² + ‖y‖² − 2⟨x, y⟩: that form gives duplicates a distance of about 1e-8 and reorders near ties.
const squaredEuclidean: RowDistance = (x, i, y, j, width) => {
  let sum = 0;
  for (let d = 0; d < width; d++) {
    const difference = x[i + d]! - y[j + d]!;
    sum += difference * difference;
  }
  return sum;
};

const manhattan: RowDistance = (x, i, y, j, width) => {
  let sum = 0;
  for (let d = 0; d < width; d++) sum += Math.abs(x[i + d]! - y[j + d]!);
  return sum;
};

const chebyshev: RowDistance = (x, i, y, j, width) => {
  let most = 0;
  for (let d = 0; d < width; d++) most = Math.max(most, Math.abs(x[i + d]! - y[j + d]!));
  return most;
};

const cosine: RowDistance = (x, i, y, j, width) => {
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let d = 0; d < width; d++) {
    const a = x[i + d]!;
    const b = y[j + d]!;
    xy += a * b;
    xx += a * a;
    yy += b * b;
  }
  // A zero row has no direction; it counts as orthogonal to everything, as in scikit-learn.
  if (xx === 0 || yy === 0) return 1;
  return 1 - xy / (Math.sqrt(xx) * Math.sqrt(yy));
};

/**
 * The distance of two rows, by name, in float64.
 *
 *     euclidean ‖x − y‖   squared-euclidean ‖x − y‖²   manhattan Σ|x − y|   chebyshev max|x − y|   cosine 1 − ⟨x, y⟩/(‖x‖‖y‖)
 */
export const rowDistances: Readonly<Record<DistanceName, RowDistance>> = {
  euclidean: (x, i, y, j, width) => Math.sqrt(squaredEuclidean(x, i, y, j, width)),
  "squared-euclidean": squaredEuclidean,
  manhattan,
  chebyshev,
  cosine,
};
