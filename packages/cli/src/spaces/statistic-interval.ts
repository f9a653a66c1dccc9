import { Key } from "@semblance/core";
import type { PairedInterval } from "@semblance/eval";

const RESAMPLES = 1000;
const LEVEL = 0.95;

/**
 * The interval of a difference that is no mean over queries, such as one of clusters: as `pairedBootstrap`, but the statistic is worked out
 * of each draw of rows, the same for both sides.
 *
 * @param rows how many are drawn anew, with replacement
 * @param difference of the rows whose numbers it is handed; NaN where it is not defined of them
 */
export function statisticInterval(rows: number, difference: (drawn: Int32Array) => number): PairedInterval {
  const stream = Key.fromSeed(0).fold("bootstrap").stream();
  const drawn = new Int32Array(rows);
  const values: number[] = [];
  for (let sample = 0; sample < RESAMPLES; sample++) {
    for (let at = 0; at < rows; at++) drawn[at] = stream.integer(rows);
    const value = difference(drawn);
    if (!Number.isNaN(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? Number.NaN;
  const [low, high] = [at((1 - LEVEL) / 2), at((1 + LEVEL) / 2)];
  const mean = difference(Int32Array.from(drawn.keys()));
  return { mean, low, high, level: LEVEL, queries: rows, differs: low > 0 || high < 0 };
}
