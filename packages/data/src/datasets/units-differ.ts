import type { Standardiser } from "./column-statistics.js";

/** Columns whose ranges differ more than this are measured in different units. */
const ALIKE = 10;

/**
 * Whether columns seem to be measured in different units, so that the largest would decide everything: whether the largest range of a
 * column is more than 10 times that at the lower quartile.
 *
 * The quartile and not the smallest: pixels share a unit, and some of them are nearly always dark.
 */
export function unitsDiffer({ range }: Pick<Standardiser, "range">): boolean {
  const ranges = [...range].filter((value) => value > 0).sort((a, b) => a - b);
  if (ranges.length < 2) return false;
  return ranges.at(-1)! > ALIKE * ranges[Math.floor((ranges.length - 1) / 4)]!;
}
