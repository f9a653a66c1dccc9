import { Assignment } from "./assignment.js";
import { clusterMeans } from "./cluster-means.js";

export interface LloydOptions {
  /** Stop when Σ‖Δc‖² is at most this: an absolute number, already multiplied by the variance of the data. */
  readonly shift: number;
  readonly maxIterations: number;
}

/** One run of Lloyd's algorithm. `converged` says that the centres are the means of their rows. */
export interface LloydResult {
  readonly labels: Int32Array;
  readonly centres: Float64Array;
  readonly inertia: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Lloyd's algorithm from given centres [K, D]: assign every row to its nearest centre, move centres to the means, repeat.
 *
 * Ends when labels repeat; or when the centres moved little or iterations ran out, and then rows are assigned once more, so that
 * labels always are those of the centres that are returned.
 *
 * Source: Lloyd, "Least Squares Quantization in PCM", IEEE Transactions on Information Theory 28 (1982)
 */
export function lloyd(
  values: Float64Array,
  width: number,
  initial: Float64Array,
  { shift, maxIterations }: LloydOptions,
): LloydResult {
  const assignment = new Assignment(values, width);
  let centres = Float64Array.from(initial);
  let means = new Float64Array(centres.length);
  let converged = false;
  let iterations = 0;
  while (iterations < maxIterations) {
    iterations++;
    const changed = assignment.update(centres);
    clusterMeans(values, width, assignment, centres, means);
    assignment.moved(centres, means);
    const squaredShift = means.reduce((sum, value, i) => sum + (value - centres[i]!) ** 2, 0);
    [centres, means] = [means, centres];
    // Before the first pass nothing was assigned, so that no change is no repetition yet; centres that stood still will repeat.
    converged = squaredShift === 0 || (iterations > 1 && changed === 0);
    if (converged || squaredShift <= shift) break;
  }
  // When labels repeated this changes none of them: the centres are the same means of the same rows.
  assignment.update(centres);
  const inertia = assignment.squaredDistances(centres).reduce((sum, distance) => sum + distance, 0);
  return { labels: assignment.labels, centres, inertia, iterations, converged };
}
