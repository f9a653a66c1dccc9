import {
  add,
  DataError,
  div,
  greater,
  type NdArray,
  type PairTable,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  where,
} from "@semblance/core";
import { compareAllPairs } from "../pairs/compare-all-pairs.js";
import { chi2OfFour } from "../pairs/compare-four.js";
import { byRowBlocks } from "./row-blocks.js";

/**
 * All χ² statistics of rows, Σ (x − y)²/(x + y) with 0/0 = 0: x [n, d], y [m, d] → [n, m].
 *
 * It is meant for features ≥ 0, which a graph cannot check. A feature with x + y ≤ 0 counts as 0, so that negative data gives a
 * finite number without a meaning, never NaN.
 */
export function chi2Statistic(x: Tensor, y: Tensor): Tensor {
  return byRowBlocks(x, y, (rows, others) => {
    const a = reshape(rows, [rows.shape[0]!, 1, rows.shape[1]!]);
    const b = reshape(others, [1, others.shape[0]!, others.shape[1]!]);
    const total = add(a, b);
    const counts = greater(total, 0);
    return sum(where(counts, div(square(sub(a, b)), where(counts, total, 1)), 0), { axes: [2] });
  });
}

/**
 * A function of all χ² statistics of a data set's rows, on the host: [n, d] → [n, n].
 *
 * @throws DataError DATA_OUTSIDE_DOMAIN for a negative feature
 */
export async function chi2Table(data: NdArray, of: (statistic: number) => number): Promise<PairTable> {
  const negative = data.data.findIndex((value) => value < 0);
  if (negative >= 0) {
    throw new DataError(
      "DATA_OUTSIDE_DOMAIN",
      `a χ² statistic compares numbers from 0, and one is ${data.data[negative]}`,
      {
        where: `row ${Math.floor(negative / data.shape[1]!)}, column ${negative % data.shape[1]!}`,
        fix: "Shift or rescale the features (data.standardise makes negative numbers), or choose another kernel.",
      },
    );
  }
  return await compareAllPairs(data, chi2OfFour, of);
}
