import type { NdArray } from "../../arrays/nd-array.js";

/**
 * Whether a symmetric matrix [n, n] has no negative eigenvalue, up to rounding: a Cholesky factorisation of A + ε·max|A|·n·I goes
 * through exactly then, each pivot being what is left of a diagonal element.
 */
export function isPositiveSemidefinite({ shape, data }: NdArray): boolean {
  const n = shape[0]!;
  const a = Float64Array.from(data);
  const largest = a.reduce((most, element) => Math.max(most, Math.abs(element)), 0);
  for (let i = 0; i < n; i++) a[i * n + i]! += 1e-12 * n * largest;
  for (let j = 0; j < n; j++) {
    const pivot = a[j * n + j]!;
    if (!(pivot > 0)) return largest === 0;
    for (let i = j + 1; i < n; i++) {
      const factor = a[i * n + j]! / pivot;
      for (let k = j; k < n; k++) a[i * n + k]! -= factor * a[j * n + k]!;
    }
  }
  return true;
}
