import type { GapRange } from "@semblance/core";

/** What the triplets of one anchor come to that are chosen by how much farther the negative is. */
export interface GapSums {
  /** How many are chosen. */
  readonly chosen: number;
  /** The sum of [D(a, p) + m − D(a, n)]₊ of these, and how many of them are above 0. */
  readonly total: number;
  readonly above: number;
  /** By positive and by negative, in how many triplets of those above 0 it is; without a margin, of all that are chosen. */
  readonly ofPositives: Float64Array;
  readonly ofNegatives: Float64Array;
}

/** With so few partners of one kind their pairs are gone through one by one; of more, what is sorted is quicker. */
export const FEW = 16;

/**
 * Sums over triplets with above < D(a, n) − D(a, p) ≤ upTo in O((p + q) log (p + q)): among sorted negatives those that a positive is
 * chosen with stand side by side, as do those whose term is above 0. Differences are compared as whoever visits each triplet compares them,
 * so that rounding decides alike. A divergence that is no number is in no triplet.
 *
 * @param positives D(a, p) of the anchor's positives
 * @param negatives D(a, n) of its negatives
 */
export function sumGaps(positives: Float64Array, negatives: Float64Array, gaps: GapRange, margin?: number): GapSums {
  const few = Math.min(positives.length, negatives.length) <= FEW;
  return few ? visitEach(positives, negatives, gaps, margin) : sumSortedGaps(positives, negatives, gaps, margin);
}

function visitEach(
  positives: Float64Array,
  negatives: Float64Array,
  { above, upTo }: GapRange,
  margin?: number,
): GapSums {
  const [ofPositives, ofNegatives] = [new Float64Array(positives.length), new Float64Array(negatives.length)];
  const unbounded = above === Number.NEGATIVE_INFINITY;
  let [chosen, total, counted] = [0, 0, 0];
  for (let i = 0; i < positives.length; i++) {
    const own = positives[i]!;
    // Without a margin every term counts.
    const z = margin === undefined ? Number.POSITIVE_INFINITY : own + margin;
    for (let k = 0; k < negatives.length; k++) {
      const d = negatives[k]!;
      const gap = d - own;
      if (!(gap <= upTo && (unbounded || gap > above))) continue;
      chosen++;
      if (!(z - d > 0)) continue;
      total += z - d;
      counted++;
      ofPositives[i]!++;
      ofNegatives[k]!++;
    }
  }
  return { chosen, total: margin === undefined ? 0 : total, above: counted, ofPositives, ofNegatives };
}

function sumSortedGaps(
  positives: Float64Array,
  negatives: Float64Array,
  { above, upTo }: GapRange,
  margin?: number,
): GapSums {
  const [risingPositives, risingNegatives] = [positives.toSorted(), negatives.toSorted()];
  const sums = new Float64Array(negatives.length + 1);
  for (let at = 0; at < negatives.length; at++) sums[at + 1] = sums[at]! + risingNegatives[at]!;
  let [chosen, total, counted] = [0, 0, 0];
  const ofPositives = positives.map((own) => {
    const first = above === Number.NEGATIVE_INFINITY ? 0 : countWhile(risingNegatives, (d) => d - own <= above);
    const end = countWhile(risingNegatives, (d) => d - own <= upTo);
    const corner = margin === undefined ? end : countWhile(risingNegatives, (d) => own + margin - d > 0);
    const stop = Math.min(end, corner);
    chosen += Math.max(0, end - first);
    const count = Math.max(0, stop - first);
    if (count > 0 && margin !== undefined) total += (own + margin) * count - (sums[stop]! - sums[first]!);
    counted += count;
    return count;
  });
  const ofNegatives = negatives.map((other) => {
    const end = countWhile(risingPositives, (d) => other - d > above || other - d === Number.NEGATIVE_INFINITY);
    const near = countWhile(risingPositives, (d) => other - d > upTo);
    const corner = margin === undefined ? 0 : countWhile(risingPositives, (d) => d + margin - other <= 0);
    return Math.max(0, end - Math.max(near, corner));
  });
  return { chosen, total, above: counted, ofPositives, ofNegatives };
}

/** The divergences of an anchor, whose row of d begins at `start`, and some rows. In a loop: `from` takes ten times as long. */
export function divergencesOf(d: ArrayLike<number>, start: number, rows: Int32Array): Float64Array {
  const values = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) values[at] = d[start + rows[at]!]!;
  return values;
}

/** How many of some values hold, of which those that hold come first. */
function countWhile(values: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(values[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
