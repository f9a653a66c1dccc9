import { equal, iota, reshape, type Tensor, where } from "@semblance/core";

/** A matrix [n, n] of comparisons of rows with themselves, with exact zeros on its diagonal: rounding must not part a row from itself. */
export function zeroDiagonal(matrix: Tensor): Tensor {
  const rows = iota(matrix.shape[0]!);
  return where(equal(reshape(rows, [rows.size, 1]), rows), 0, matrix);
}
