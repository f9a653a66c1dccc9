import type { Standardiser } from "./column-statistics.js";

/**
 * A standardiser that centres every column and divides all of them by one number, the root mean square of their deviations, so that
 * distances between columns of one unit keep their proportions.
 *
 *     ((x − minimum) / range − mean) / (S / range) = (x − column mean) / S
 */
export function commonStandardiser({ minimum, range, mean, deviation }: Standardiser): Standardiser {
  const own = deviation.map((value, column) => value * range[column]!);
  const scale = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0) / own.length);
  return { minimum, range, mean, deviation: range.map((value) => (value === 0 ? 1 : scale / value)) };
}
