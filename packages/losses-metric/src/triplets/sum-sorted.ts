/** Sums of [zᵢ − dₖ]₊ over all pairs, and how many of them are above 0. */
export interface SortedSums {
  readonly total: number;
  readonly above: number;
  /** By i: #{k : dₖ < zᵢ}. */
  readonly below: Float64Array;
  /** By k: #{i : zᵢ > dₖ}. */
  readonly over: Float64Array;
}

/**
 * Σᵢₖ [zᵢ − dₖ]₊ in O((p + q) log (p + q)): with d sorted, the part of zᵢ is zᵢ·c − Σ of the c smallest d, c = #{k : dₖ < zᵢ}.
 *
 * The counts of both sides come from sorted values alone, so that nothing is sorted by a comparison function, which costs far more.
 */
export function sumSorted(z: Float64Array, d: Float64Array): SortedSums {
  const [risingZ, risingD] = [z.toSorted(), d.toSorted()];
  const sums = new Float64Array(d.length + 1);
  for (let at = 0; at < d.length; at++) sums[at + 1] = sums[at]! + risingD[at]!;
  const below = z.map((value) => countBelow(risingD, value));
  const over = d.map((value) => z.length - countUpTo(risingZ, value));
  let [total, above] = [0, 0];
  for (let i = 0; i < z.length; i++) {
    total += z[i]! * below[i]! - sums[below[i]!]!;
    above += below[i]!;
  }
  return { total, above, below, over };
}

/** How many of the ascending values are below a limit. */
function countBelow(rising: Float64Array, limit: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending values are at most a limit. */
function countUpTo(rising: Float64Array, limit: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
