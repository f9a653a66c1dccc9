import { Key } from "@semblance/core";
import { distance, pairDistances, type Rows } from "./euclidean-rows.js";
import { type Numbers, type OrderStatistic, type OrderStatisticOptions, orderStatistic } from "./order-statistic.js";

/** Pairs that are drawn to find where to look. */
const SAMPLE = 1 << 18;

/**
 * The q-quantile of all n² Euclidean distances of rows, the zeros of the diagonal and both triangles included, linearly interpolated
 * between the two entries around q·(n² − 1). Memory O(n) beside a fixed part.
 */
export function distanceQuantile(rows: Rows, quantile: number, options: OrderStatisticOptions = {}): number {
  const entries = rows.n ** 2;
  const position = quantile * (entries - 1);
  const rank = Math.min(entries - 1, Math.floor(position));
  const [value, next] = entriesAt(rows, rank, options);
  const share = position - rank;
  // From the nearer end, so that equal entries give themselves, and 1 the last.
  return share < 0.5 ? value + (next - value) * share : next - (next - value) * (1 - share);
}

/** The entries at a rank and after it: n zeros, then every pair twice. */
function entriesAt(rows: Rows, rank: number, options: OrderStatisticOptions): [number, number] {
  const { n } = rows;
  if (n < 2 || rank + 1 < n) return [0, 0];
  const pair = Math.max(0, Math.floor((rank - n) / 2));
  const { value, next } = pairStatistic(rows, pair, options);
  if (rank < n) return [0, value];
  return [value, (rank - n) % 2 === 0 ? value : (next ?? value)];
}

/**
 * The median of the Euclidean distances over pairs i < j, the midpoint of the two middle ones where their number is even; 0 where there
 * is no pair.
 */
export function medianOfDistances(rows: Rows, options: OrderStatisticOptions = {}): number {
  const pairs = (rows.n * (rows.n - 1)) / 2;
  if (pairs === 0) return 0;
  const { value, next } = pairStatistic(rows, Math.floor((pairs - 1) / 2), options);
  return pairs % 2 === 1 ? value : (value + next!) / 2;
}

function pairStatistic(rows: Rows, rank: number, options: OrderStatisticOptions): OrderStatistic {
  const numbers: Numbers = { count: (rows.n * (rows.n - 1)) / 2, passes: () => pairDistances(rows) };
  const small = numbers.count <= (options.capacity ?? 1 << 22);
  return orderStatistic(numbers, rank, small ? options : { sample: drawnDistances(rows), ...options });
}

/** Distances of drawn pairs of different rows. Which ones decides nothing but the time that the search takes. */
function drawnDistances(rows: Rows): Float64Array {
  const numbers = Key.fromSeed(0)
    .fold("pairs")
    .uniform(2 * SAMPLE);
  return Float64Array.from({ length: SAMPLE }, (_, k) => {
    const i = Math.floor(numbers[2 * k]! * rows.n);
    const other = Math.floor(numbers[2 * k + 1]! * (rows.n - 1));
    return distance(rows, i, other < i ? other : other + 1);
  });
}
