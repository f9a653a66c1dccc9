import type { Distance } from "../contracts/distance.js";
import type { Kernel } from "../contracts/kernel.js";
import { DataError } from "../errors.js";

export interface ComparedRows {
  readonly entry: Kernel | Distance;
  readonly where: string;
  /** The names of the rows that are compared, where they are not their places. */
  readonly rows?: Int32Array;
}

/** @throws DataError AFFINITY_NOT_FINITE naming the first two rows of a matrix [n, n] whose comparison is no number */
export function requireFiniteMatrix(values: ArrayLike<number>, n: number, { entry, where, rows }: ComparedRows): void {
  for (let at = 0; at < values.length; at++) {
    if (Number.isFinite(values[at])) continue;
    const [i, j] = [Math.floor(at / n), at % n];
    throw new DataError(
      "AFFINITY_NOT_FINITE",
      `${entry.kind} "${entry.name}" of rows ${rows?.[i] ?? i} and ${rows?.[j] ?? j} is ${values[at]}`,
      { where, fix: `Standardise the data, or choose other keys of the ${entry.kind} or another ${entry.kind}.` },
    );
  }
}
