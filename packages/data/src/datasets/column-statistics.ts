import { sizeOf } from "@semblance/core";
import type { Features } from "./features.js";

/** What standardising needs of each of `width` columns (elements of an item). */
export interface ColumnStatistics {
  readonly width: number;
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;
}

/** Extremes by column. Values must be finite. */
export function columnStatistics({ shape, values }: Features): ColumnStatistics {
  const width = sizeOf(shape.slice(1));
  const minimum = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const maximum = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  for (let start = 0; start < values.length; start += width) {
    for (let column = 0; column < width; column++) {
      const value = values[start + column]!;
      if (value < minimum[column]!) minimum[column] = value;
      if (value > maximum[column]!) maximum[column] = value;
    }
  }
  return { width, minimum, maximum };
}

/** x ↦ ((x − minimum) / range − mean) / deviation, by column; 0 where the range is 0. */
export interface Standardiser {
  readonly minimum: Float64Array;
  readonly range: Float64Array;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * Standardisation by column in float64, in two passes: (x − mean) / std, std over N (not N − 1); a constant column becomes 0.
 *
 * Mean and std are taken of (x − min) / (max − min), which changes nothing in exact arithmetic and keeps the squares of tiny
 * numbers from vanishing.
 */
export function standardiser({ shape, values }: Features, { width, minimum, maximum }: ColumnStatistics): Standardiser {
  const rows = shape[0]!;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  const range = maximum.map((value, column) => value - minimum[column]!);
  const unit = (start: number, column: number) => (values[start + column]! - minimum[column]!) / (range[column] || 1);
  for (let start = 0; start < values.length; start += width) {
    for (let column = 0; column < width; column++) mean[column] = mean[column]! + unit(start, column);
  }
  for (let column = 0; column < width; column++) mean[column] = mean[column]! / rows;
  for (let start = 0; start < values.length; start += width) {
    for (let column = 0; column < width; column++) {
      const centred = unit(start, column) - mean[column]!;
      square[column] = square[column]! + centred * centred;
    }
  }
  return { minimum, range, mean, deviation: square.map((sum) => Math.sqrt(sum / rows)) };
}

/** The standardised value of `value` in `column`. */
export function standardise({ minimum, range, mean, deviation }: Standardiser, column: number, value: number): number {
  if (range[column] === 0) return 0;
  return ((value - minimum[column]!) / range[column]! - mean[column]!) / deviation[column]!;
}
