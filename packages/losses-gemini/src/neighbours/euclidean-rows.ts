/** Rows of numbers, in float64. */
export interface Rows {
  readonly n: number;
  readonly width: number;
  /** [n, width] */
  readonly data: Float64Array;
}

/**
 * The Euclidean distances of row i from the rows after it, in their order, written to the front of `out`; returns how many. Differences
 * are squared and summed in the order of the features, so that equal distances come out equal.
 */
export function distancesAfter({ n, width, data }: Rows, i: number, out: Float64Array): number {
  const own = i * width;
  const count = n - i - 1;
  let at = 0;
  // Four rows at a time: the sums do not wait for each other.
  for (; at + 4 <= count; at += 4) {
    let [first, second, third, fourth] = [0, 0, 0, 0];
    const start = (i + 1 + at) * width;
    for (let c = 0, a = own, b = start; c < width; c++, a++, b++) {
      const value = data[a]!;
      const d1 = value - data[b]!;
      const d2 = value - data[b + width]!;
      const d3 = value - data[b + 2 * width]!;
      const d4 = value - data[b + 3 * width]!;
      first += d1 * d1;
      second += d2 * d2;
      third += d3 * d3;
      fourth += d4 * d4;
    }
    out[at] = Math.sqrt(first);
    out[at + 1] = Math.sqrt(second);
    out[at + 2] = Math.sqrt(third);
    out[at + 3] = Math.sqrt(fourth);
  }
  for (; at < count; at++) out[at] = distance({ n, width, data }, i, i + 1 + at);
  return count;
}

/** The Euclidean distance of two rows. */
export function distance({ width, data }: Rows, i: number, j: number): number {
  let sum = 0;
  for (let c = 0, a = i * width, b = j * width; c < width; c++, a++, b++) {
    const difference = data[a]! - data[b]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** All distances of pairs i < j, a row at a time in one buffer; can be gone through again. */
export function* pairDistances(rows: Rows): Generator<Float64Array> {
  const buffer = new Float64Array(rows.n);
  for (let i = 0; i + 1 < rows.n; i++) yield buffer.subarray(0, distancesAfter(rows, i, buffer));
}
