import { Key } from "@semblance/core";
import { inputEmpty, lengthsDiffer, settingInvalid } from "../errors.js";

export interface BootstrapOptions {
  /** How often queries are drawn anew; 2000 by default. */
  readonly resamples?: number;
  /** How often the interval holds the true value, about; 0.95 by default. */
  readonly level?: number;
  /** What is drawn; that of seed 0 by default, so that one run has one interval. */
  readonly key?: Key;
}

/** A mean over queries, and between which values it lies. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** The queries that count: those with a value. */
  readonly queries: number;
}

export interface PairedInterval extends Interval {
  /** Whether 0 lies outside the interval: the difference is more than the choice of queries explains. */
  readonly differs: boolean;
}

/**
 * The mean of a measure over queries with a confidence interval: the queries are drawn anew with replacement many times, and the interval is the
 * middle share of the means.
 *
 *     [q_{(1−level)/2}, q_{(1+level)/2}]  of the means of resamples        perQuery: [q]
 *
 * It speaks of other queries from the same source, not of another training run or another gallery.
 *
 * @param perQuery as `evaluateRetrieval` gives it; NaN where a query has no value
 * @throws DataError INPUT_EMPTY; ConfigError SETTING_INVALID
 *
 * Source   Efron, Tibshirani, "An Introduction to the Bootstrap" (1993), section 13.3
 */
export function bootstrap(perQuery: ArrayLike<number>, options: BootstrapOptions = {}): Interval {
  const { resamples = 2000, level = 0.95, key = Key.fromSeed(0) } = options;
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw settingInvalid("resamples", "a whole number of at least 1", resamples);
  }
  if (!(level > 0 && level < 1)) throw settingInvalid("level", "between 0 and 1", level);
  const values = Float64Array.from(perQuery).filter((value) => !Number.isNaN(value));
  const queries = values.length;
  if (queries === 0) throw inputEmpty("perQuery");
  const stream = key.stream();
  const perWord = queries / 2 ** 32;
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    // A word times a fraction favours some queries by less than one part in 2^32 / queries: nothing beside the resampling itself.
    for (let draw = 0; draw < queries; draw++) sum += values[Math.floor(stream.word() * perWord)]!;
    means[resample] = sum / queries;
  }
  means.sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / queries;
  return { mean, low: quantile(means, (1 - level) / 2), high: quantile(means, (1 + level) / 2), level, queries };
}

/**
 * The mean difference a − b of two results on the same queries, with the interval of `bootstrap`. What makes a query hard for both does not widen it, so
 * that it tells apart what two intervals side by side do not.
 *
 * Queries without a value in either are left out.
 *
 * @throws DataError LENGTHS_DIFFER, INPUT_EMPTY; ConfigError SETTING_INVALID
 */
export function pairedBootstrap(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: BootstrapOptions = {},
): PairedInterval {
  if (a.length !== b.length) throw lengthsDiffer("a", a.length, "b", b.length);
  const interval = bootstrap(
    Float64Array.from(a, (value, query) => value - b[query]!),
    options,
  );
  return { ...interval, differs: interval.low > 0 || interval.high < 0 };
}

/** Between the two nearest of sorted values, in proportion. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const [below, part] = [Math.floor(at), at % 1];
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + part * (high - low);
}
