import { squaredDistance } from "./squared-distance.js";

/** The two nearest centres of a row. */
export interface Nearest {
  centre: number;
  squared: number;
  /** Squared distance to the nearest other centre; infinite with one centre. */
  squaredToNext: number;
}

/** Finds the nearest of all centres [K, D], ties to the lowest index, and how far the next one is. */
export function nearestCentre(
  values: Float64Array,
  row: number,
  centres: Float64Array,
  width: number,
  out: Nearest,
): void {
  out.centre = 0;
  out.squared = squaredDistance(values, row, centres, 0, width);
  out.squaredToNext = Number.POSITIVE_INFINITY;
  const clusters = centres.length / width;
  for (let k = 1; k < clusters; k++) {
    const distance = squaredDistance(values, row, centres, k, width, out.squaredToNext);
    if (distance < out.squared) {
      out.squaredToNext = out.squared;
      out.squared = distance;
      out.centre = k;
    } else if (distance < out.squaredToNext) {
      out.squaredToNext = distance;
    }
  }
}
