import type { RandomStream } from "@semblance/core";
import { squaredDistance } from "./squared-distance.js";

/**
 * Greedy k-means++: the first centre uniform; for each next one 2 + ⌊ln K⌋ candidates with probability ∝ the squared distance
 * to the nearest centre so far, of which the one that leaves the smallest sum of those distances is kept.
 *
 * When every row coincides with a centre already, any row is as good as another and the first is taken again.
 *
 * Returns centres [K, D].
 *
 * Source: Arthur, Vassilvitskii, "k-means++", SODA 2007, section 5; the trials as in scikit-learn.
 */
export function greedySeeds(values: Float64Array, width: number, clusters: number, stream: RandomStream): Float64Array {
  const rows = values.length / width;
  const trials = 2 + Math.floor(Math.log(clusters));
  const centres = new Float64Array(clusters * width);
  const place = (centre: number, row: number) =>
    centres.set(values.subarray(row * width, (row + 1) * width), centre * width);
  place(0, stream.integer(rows));
  let nearest: Float64Array = Float64Array.from({ length: rows }, (_, row) =>
    squaredDistance(values, row, centres, 0, width),
  );
  let candidate: Float64Array = new Float64Array(rows);
  let best: Float64Array = new Float64Array(rows);
  for (let centre = 1; centre < clusters; centre++) {
    let bestRow = -1;
    let bestPotential = Number.POSITIVE_INFINITY;
    const total = sum(nearest);
    for (let trial = 0; trial < trials; trial++) {
      const row = drawProportional(nearest, total, stream.uniform());
      let potential = 0;
      for (let other = 0; other < rows; other++) {
        const bound = nearest[other]!;
        const distance = Math.min(bound, squaredDistance(values, other, values, row, width, bound));
        candidate[other] = distance;
        potential += distance;
      }
      if (potential < bestPotential) {
        bestPotential = potential;
        bestRow = row;
        [best, candidate] = [candidate, best];
      }
    }
    place(centre, bestRow);
    [nearest, best] = [best, nearest];
  }
  return centres;
}

/** The index at which the running sum of `weights` passes `at` · total; the first one when all weights are 0. */
function drawProportional(weights: Float64Array, total: number, at: number): number {
  if (total === 0) return 0;
  const target = at * total;
  let running = 0;
  let last = 0;
  for (let index = 0; index < weights.length; index++) {
    if (weights[index] === 0) continue;
    running += weights[index]!;
    last = index;
    if (running > target) return index;
  }
  // Rounding may leave the sum just short of the target: then the last row that can be drawn is the one.
  return last;
}

const sum = (values: Float64Array) => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
