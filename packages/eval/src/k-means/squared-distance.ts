/**
 * Squared distance of row `i` of `x` to row `j` of `y`, or any number above `bound` once it is clear that it exceeds that.
 *
 * A partial sum of squares only grows, so giving up early changes no comparison with `bound`. Differences, not the Gram form
 * ‖x‖² − 2⟨x, y⟩ + ‖y‖²: its rounding would decide exact ties by chance.
 */
export function squaredDistance(
  x: Float64Array,
  i: number,
  y: Float64Array,
  j: number,
  width: number,
  bound = Number.POSITIVE_INFINITY,
): number {
  const from = i * width;
  const to = j * width;
  const unrolled = width - (width % 4);
  let first = 0;
  let second = 0;
  let d = 0;
  for (; d < unrolled; d += 4) {
    const a = x[from + d]! - y[to + d]!;
    const b = x[from + d + 1]! - y[to + d + 1]!;
    const c = x[from + d + 2]! - y[to + d + 2]!;
    const e = x[from + d + 3]! - y[to + d + 3]!;
    // Two chains of additions, since each waits for the one before it.
    first += a * a + b * b;
    second += c * c + e * e;
    if (first + second > bound) return first + second;
  }
  for (; d < width; d++) {
    const a = x[from + d]! - y[to + d]!;
    first += a * a;
  }
  return first + second;
}
