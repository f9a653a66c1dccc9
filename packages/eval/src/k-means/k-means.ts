import { type Key, type NdArray, ndarray } from "@semblance/core";
import { type MatrixRows, matrixRows } from "../distances/matrix-rows.js";
import { centresMismatch, settingInvalid, tooFewRows } from "../errors.js";
import { type LloydResult, lloyd } from "./lloyd.js";
import { greedySeeds } from "./seeding.js";

export interface KMeansOptions {
  /** [N, D]. */
  readonly data: NdArray;
  /** K, at most N. */
  readonly clusters: number;
  /** Draws the first centres. The same key gives the same clusters. */
  readonly key: Key;
  /** Runs from different first centres, of which the one with the smallest inertia is kept. Default 10. */
  readonly restarts?: number;
  /** Stop when the centres moved by at most this times the mean variance of the columns. Default 1e-4. */
  readonly tolerance?: number;
  /** Default 300. */
  readonly maxIterations?: number;
  /** [K, D]: start here, once, instead of drawing centres. */
  readonly initialCentres?: NdArray;
}

export interface KMeansResult {
  /** [N], 0 … K − 1: the nearest centre of each row. */
  readonly labels: Int32Array;
  /** [K, D]. */
  readonly centres: NdArray<"float64">;
  /** Σᵢ ‖xᵢ − c(i)‖². */
  readonly inertia: number;
  /** Of the run that was kept. */
  readonly iterations: number;
  /** Whether labels repeated, so that the centres are exactly the means of their rows. */
  readonly converged: boolean;
}

/**
 * k-means: K centres that minimise the squared distance of every row to its nearest one.
 *
 *     J = Σᵢ ‖xᵢ − c_{p(i)}‖²        data: [N, D], K → labels [N], centres [K, D]
 *
 * Greedy k-means++ seeds, Lloyd's iterations, best of `restarts` by J; all in float64.
 *
 * Edges    a cluster that empties takes the row farthest from its centre; with fewer distinct rows than K some stay empty
 * Laws     J never increases; where `converged`, centres are means and J + between-cluster = total sum of squares
 * Errors   TOO_FEW_ROWS (K > N), VALUE_NOT_FINITE, VALUES_TOO_LARGE, RANK_MISMATCH, CENTRES_MISMATCH, SETTING_INVALID
 * Source   Lloyd (1982); Arthur & Vassilvitskii, SODA 2007
 *
 * ```ts
 * const data = ndarray("float64", [4, 1], [0, 1, 10, 11]);
 * const { inertia } = kMeans({ data, clusters: 2, key: Key.fromSeed(0) });
 * inertia // => 1
 * ```
 */
export function kMeans(options: KMeansOptions): KMeansResult {
  const { clusters, key, restarts = 10, tolerance = 1e-4, maxIterations = 300, initialCentres } = options;
  positiveInteger("clusters", clusters);
  positiveInteger("restarts", restarts);
  positiveInteger("maxIterations", maxIterations);
  if (!(tolerance >= 0)) throw settingInvalid("tolerance", "a number of at least 0", tolerance);
  const data = matrixRows("data", options.data);
  if (clusters > data.rows) throw tooFewRows(`k-means with ${clusters} clusters`, data.rows, clusters);
  const settings = { shift: tolerance * meanVariance(data), maxIterations };
  const starts: Iterable<() => Float64Array> =
    initialCentres === undefined
      ? Array.from(
          { length: restarts },
          (_, run) => () => greedySeeds(data.values, data.columns, clusters, key.fold(run).stream()),
        )
      : [() => checkedCentres(initialCentres, clusters, data.columns).values];
  let best: LloydResult | undefined;
  for (const start of starts) {
    const run = lloyd(data.values, data.columns, start(), settings);
    if (best === undefined || run.inertia < best.inertia) best = run;
  }
  return { ...best!, centres: ndarray("float64", [clusters, data.columns], best!.centres) };
}

function positiveInteger(setting: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw settingInvalid(setting, "a whole number of at least 1", value);
}

function checkedCentres(centres: NdArray, clusters: number, columns: number): MatrixRows {
  const checked = matrixRows("initialCentres", centres);
  if (checked.rows !== clusters || checked.columns !== columns) {
    throw centresMismatch("initialCentres", centres.shape, [clusters, columns]);
  }
  return checked;
}

/** The mean over columns of their variance, by two passes: data far from the origin keep their digits. */
function meanVariance({ values, rows, columns }: MatrixRows): number {
  const mean = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) mean[i % columns]! += values[i]! / rows;
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i]! - mean[i % columns]!) ** 2 / rows;
  return total / columns;
}
