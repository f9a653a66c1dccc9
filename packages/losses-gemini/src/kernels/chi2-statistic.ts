import { add, div, greater, reshape, square, sub, sum, type Tensor, where } from "@semblance/core";
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
