/**
 * The lower triangle L with L Lᵀ = a, for a symmetric positive definite `a` [n, n] (row-major); undefined for any other.
 *
 * Source   Golub, Van Loan, Matrix Computations, 4th edition, algorithm 4.2.1
 */
export function cholesky(a: readonly (readonly number[])[]): Float64Array[] | undefined {
  const lower = a.map(() => new Float64Array(a.length));
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[i]![j]!;
      for (let k = 0; k < j; k++) rest -= lower[i]![k]! * lower[j]![k]!;
      if (i === j && !(rest > 0)) return undefined;
      lower[i]![j] = i === j ? Math.sqrt(rest) : rest / lower[j]![j]!;
    }
  }
  return lower;
}
