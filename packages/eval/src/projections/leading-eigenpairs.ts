import type { RandomStream } from "@semblance/core";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** The largest eigenvalues, descending, and their unit eigenvectors. */
export interface Eigenpairs {
  readonly values: number[];
  readonly vectors: Float64Array[];
}

// Relative to the largest eigenvalue; an eigenvalue is then right to about its square, 1e-16.
const RESIDUAL = 1e-8;

const dot = (a: Float64Array, b: Float64Array) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
const addScaled = (to: Float64Array, scale: number, from: Float64Array) => {
  for (let i = 0; i < to.length; i++) to[i]! += scale * from[i]!;
};

/**
 * The `count` largest eigenpairs of a symmetric positive semidefinite operator of order `size`, which is only ever applied.
 *
 * Block Lanczos with full orthogonalisation: the Krylov space of a random block grows until the wanted pairs have residuals
 * ‖Av − λv‖ ≤ 1e-8 λ₁, or until it is the whole space, when they are exact. A dense decomposition of 784 × 784 in
 * JavaScript takes five to nine seconds and finds 782 pairs that nobody asked for; this takes tens of products.
 *
 * Source: Golub, Underwood, "The Block Lanczos Method for Computing Eigenvalues", Mathematical Software III (1977)
 */
export function leadingEigenpairs(
  apply: (vector: Float64Array) => Float64Array,
  size: number,
  count: number,
  stream: RandomStream,
): Eigenpairs {
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  const extend = (vector: Float64Array) => {
    const before = Math.sqrt(dot(vector, vector));
    // Twice is enough: one pass leaves what cancellation hid, a second removes it.
    for (let pass = 0; pass < 2; pass++) for (const other of basis) addScaled(vector, -dot(vector, other), other);
    const norm = Math.sqrt(dot(vector, vector));
    // Nothing new, or only the rounding of something old.
    if (basis.length === size || !(norm > 1e-12 * before)) return false;
    const unit = vector.map((value) => value / norm);
    basis.push(unit);
    images.push(apply(unit));
    return true;
  };
  const random = () => Float64Array.from({ length: size }, () => stream.normal());

  // A few more than wanted, so that close eigenvalues next to the last wanted one do not hold it up.
  for (let i = 0; i < count + 2; i++) extend(random());
  let grown = 0;
  for (;;) {
    const pairs = ritzPairs(basis, images, count);
    if (basis.length === size || pairs.residual <= RESIDUAL * Math.max(pairs.values[0]!, 0)) return pairs;
    // Growing by half each time keeps the small decompositions cheap next to the products.
    const target = Math.min(size, Math.ceil(basis.length * 1.5));
    while (basis.length < target) {
      // An exhausted Krylov space misses what is orthogonal to it, for example further copies of an eigenvalue.
      const vector = grown < images.length ? Float64Array.from(images[grown++]!) : random();
      extend(vector);
    }
  }
}

/** The best approximations within the span of the basis (Rayleigh–Ritz), and the largest of their residuals. */
function ritzPairs(basis: Float64Array[], images: Float64Array[], count: number): Eigenpairs & { residual: number } {
  const order = basis.length;
  const projected = Matrix.zeros(order, order);
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      const value = dot(basis[i]!, images[j]!);
      projected.set(i, j, value);
      projected.set(j, i, value);
    }
  }
  const decomposition = new EigenvalueDecomposition(projected, { assumeSymmetric: true });
  const descending = [...decomposition.realEigenvalues.keys()].sort(
    (a, b) => decomposition.realEigenvalues[b]! - decomposition.realEigenvalues[a]!,
  );
  const values: number[] = [];
  const vectors: Float64Array[] = [];
  let residual = 0;
  for (const column of descending.slice(0, count)) {
    const value = decomposition.realEigenvalues[column]!;
    const vector = new Float64Array(basis[0]!.length);
    const image = new Float64Array(vector.length);
    for (let i = 0; i < order; i++) {
      const weight = decomposition.eigenvectorMatrix.get(i, column);
      addScaled(vector, weight, basis[i]!);
      addScaled(image, weight, images[i]!);
    }
    addScaled(image, -value, vector);
    residual = Math.max(residual, Math.sqrt(dot(image, image)));
    values.push(value);
    vectors.push(vector);
  }
  return { values, vectors, residual };
}
