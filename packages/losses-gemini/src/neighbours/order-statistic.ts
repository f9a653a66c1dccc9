/** Numbers that can be gone through again and again, a part at a time; never NaN. */
export interface Numbers {
  readonly count: number;
  passes(): Iterable<Float64Array>;
}

export interface OrderStatisticOptions {
  /** Some of the numbers, drawn evenly: they say where to look. A poor sample costs passes, never exactness. */
  readonly sample?: Float64Array;
  /** How many numbers may be kept at a time, at least 4. */
  readonly capacity?: number;
}

/** What is at a rank, and at the next one: undefined where there is none. */
export interface OrderStatistic {
  readonly value: number;
  readonly next: number | undefined;
}

type Bounds = readonly [low: number, high: number];

/** How many standard deviations of a sample's rank the bounds leave on either side. */
const MARGIN = 5;

/**
 * The number at a rank (from 0) of all in ascending order, and the one after it, without keeping them all. Exact.
 *
 * A pass counts what lies below, at and above two bounds and keeps what lies between them. Where that is too much, an even part of it
 * says where the next bounds go; where the rank is not between them, the search goes on beyond. Either way the bounds of the next pass
 * hold fewer different numbers, so that it ends.
 */
export function orderStatistic(
  numbers: Numbers,
  rank: number,
  { sample, capacity = 1 << 22 }: OrderStatisticOptions = {},
): OrderStatistic {
  /** What is looked for lies strictly between these. */
  let outer: Bounds = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let bounds = sample?.length ? around(sample.slice(), (rank / numbers.count) * sample.length, outer) : outer;
  for (;;) {
    const [low, high] = bounds;
    const found = pass(numbers, bounds, capacity);
    const fromLow = rank - found.below;
    const inside = fromLow - found.atLow;
    const fromHigh = inside - found.inside;
    if (fromLow < 0) {
      outer = [outer[0], low];
      bounds = outer;
    } else if (inside < 0) return { value: low, next: inside + 1 < 0 ? low : found.afterLow };
    else if (fromHigh >= found.atHigh) {
      outer = [high, outer[1]];
      bounds = outer;
    } else if (fromHigh >= 0) return { value: high, next: fromHigh + 1 < found.atHigh ? high : found.afterHigh };
    else if (found.stride > 1) {
      outer = bounds;
      bounds = around(found.kept, inside / found.stride, outer);
    } else {
      const kept = found.kept.sort();
      return { value: kept[inside]!, next: kept[inside + 1] ?? found.fromHigh };
    }
  }
}

/** Bounds that all but surely hold what a rank of the sample stands for, and are narrower than the outer ones. */
function around(sample: Float64Array, rank: number, [low, high]: Bounds): Bounds {
  sample.sort();
  const slack = Math.min(MARGIN * Math.sqrt(sample.length) + 1, sample.length / 4);
  return [sample[Math.floor(rank - slack)] ?? low, sample[Math.ceil(rank + slack)] ?? high];
}

/** One pass over all numbers. What comes after a bound is undefined where nothing does. */
function pass({ passes }: Numbers, [low, high]: Bounds, capacity: number) {
  let [below, atLow, inside, atHigh] = [0, 0, 0, 0];
  let [leastInside, leastAbove] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let buffer = new Float64Array(Math.min(capacity, 1 << 16));
  // Every `stride`-th of those inside is kept; when there is no room left, every other one goes.
  let [stride, kept] = [1, 0];
  for (const part of passes()) {
    for (let i = 0; i < part.length; i++) {
      const value = part[i]!;
      if (value < low) below++;
      else if (value === low) atLow++;
      else if (value === high) atHigh++;
      else if (value > high) {
        if (value < leastAbove) leastAbove = value;
      } else {
        if (value < leastInside) leastInside = value;
        if (inside++ % stride !== 0) continue;
        if (kept === capacity) {
          [stride, kept] = [2 * stride, halve(buffer)];
          if ((inside - 1) % stride !== 0) continue;
        }
        if (kept === buffer.length) buffer = grown(buffer, capacity);
        buffer[kept++] = value;
      }
    }
  }
  const afterHigh = leastAbove < Number.POSITIVE_INFINITY ? leastAbove : undefined;
  const fromHigh = atHigh > 0 ? high : afterHigh;
  const afterLow = inside > 0 ? leastInside : fromHigh;
  return { below, atLow, inside, atHigh, afterLow, fromHigh, afterHigh, stride, kept: buffer.subarray(0, kept) };
}

/** Moves every other element to the front; returns how many. */
function halve(buffer: Float64Array): number {
  const half = Math.ceil(buffer.length / 2);
  for (let k = 0; k < half; k++) buffer[k] = buffer[2 * k]!;
  return half;
}

function grown(buffer: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.min(capacity, 2 * buffer.length));
  larger.set(buffer);
  return larger;
}
