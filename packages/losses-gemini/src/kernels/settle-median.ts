import { Key, type NdArray } from "@semblance/core";
import { medianOfDistances } from "../neighbours/distance-quantile.js";
import type { Rows } from "../neighbours/euclidean-rows.js";

/** Subtractions that a median may cost: some seconds. */
const LARGEST_WORK = 1e10;

export interface SettledMedian {
  readonly median: number;
  /** How many rows it was taken of: all, unless comparing them would take too long. */
  readonly rows: number;
}

/** The median of the Euclidean distances of a data set's rows over i < j; of drawn rows, always the same, where there are very many. */
export function settleMedian(data: NdArray, largestWork = LARGEST_WORK): SettledMedian {
  const n = data.shape[0]!;
  const width = data.data.length / Math.max(1, n);
  const affordable = Math.max(2, Math.floor(Math.sqrt((2 * largestWork) / Math.max(1, width))));
  const rows = n <= affordable ? allOf(data, n, width) : drawnOf(data, n, width, affordable);
  return { median: medianOfDistances(rows), rows: rows.n };
}

const allOf = (data: NdArray, n: number, width: number): Rows => ({ n, width, data: Float64Array.from(data.data) });

function drawnOf({ data }: NdArray, n: number, width: number, count: number): Rows {
  const chosen = Key.fromSeed(0).fold("median").permutation(n).subarray(0, count);
  const rows = new Float64Array(count * width);
  chosen.forEach((row, k) => {
    rows.set(data.subarray(row * width, (row + 1) * width), k * width);
  });
  return { n: count, width, data: rows };
}
