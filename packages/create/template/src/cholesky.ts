import { DataError } from "@semblance/core";

/**
 * The lower triangle L of A = L Lᵀ for a symmetric positive definite matrix [k, k], row by row. The input is not changed.
 *
 * @throws DataError NOT_POSITIVE_DEFINITE
 */
export function cholesky(matrix: ArrayLike<number>, k: number): Float64Array {
  const l = Float64Array.from(matrix);
  for (let row = 0; row < k; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = l[row * k + column]!;
      for (let j = 0; j < column; j++) rest -= l[row * k + j]! * l[column * k + j]!;
      if (row > column) l[row * k + column] = rest / l[column * k + column]!;
      else if (rest > 0) l[row * k + row] = Math.sqrt(rest);
      else {
        throw new DataError("NOT_POSITIVE_DEFINITE", `pivot ${row} of a matrix [${k}, ${k}] is ${rest}, not above 0`, {
          where: "cholesky",
          fix: "Add a multiple of the identity before the matrix is decomposed.",
        });
      }
    }
  }
  return l;
}

/** The column x of A⁻¹ with A x = e, where e is 1 at `column` and 0 elsewhere, from the factor of A. */
export function solveUnit(l: Float64Array, k: number, column: number): Float64Array {
  const x = new Float64Array(k);
  x[column] = 1;
  for (let row = 0; row < k; row++) {
    for (let j = 0; j < row; j++) x[row]! -= l[row * k + j]! * x[j]!;
    x[row]! /= l[row * k + row]!;
  }
  for (let row = k - 1; row >= 0; row--) {
    for (let j = row + 1; j < k; j++) x[row]! -= l[j * k + row]! * x[j]!;
    x[row]! /= l[row * k + row]!;
  }
  return x;
}
