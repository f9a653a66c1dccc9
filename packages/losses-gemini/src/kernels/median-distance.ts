import { add, concat, greater, iota, mul, reshape, slice, sqrt, type Tensor, topK, where } from "@semblance/core";

/**
 * The median of Euclidean distances over the pairs i < j, given their squares: [n, n] → []. The midpoint of the two middle ones
 * where their number is even. Needs n ≥ 2.
 */
export function medianDistance(squares: Tensor): Tensor {
  const n = squares.shape[0]!;
  const pairs = (n * (n - 1)) / 2;
  const below = greater(reshape(iota(n), [n, 1]), iota(n));
  // Everything but one triangle is moved behind the distances, so that sorting leaves the pairs in front.
  const sortable = reshape(where(below, squares, Number.POSITIVE_INFINITY), [n * n]);
  const upper = Math.floor(pairs / 2);
  const { values } = topK(sortable, { axis: 0, k: upper + 1, largest: false });
  const at = (index: number) => reshape(sqrt(slice(values, { axis: 0, start: index, end: index + 1 })), []);
  return pairs % 2 === 1 ? at(upper) : mul(add(at(upper - 1), at(upper)), 0.5);
}

/** The rows whose distances the median is taken of: all that a kernel matrix compares, each set once. */
export function comparedRows(x: Tensor, y: Tensor): Tensor {
  return x === y ? x : concat([x, y], 0);
}
