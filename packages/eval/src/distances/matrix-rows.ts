import type { NdArray } from "@semblance/core";
import { inputEmpty, rankMismatch, valueNotFinite, valuesTooLarge } from "../errors.js";

// The square of a larger number overflows float64, and Infinity − Infinity would be the NaN found an hour later.
const LARGEST = 1e150;

/** A checked matrix in float64: `values[row * columns + column]`, all finite. */
export interface MatrixRows {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/**
 * Reads an array [N, D] with at least one element as float64.
 *
 * @throws ShapeError RANK_MISMATCH, DataError INPUT_EMPTY, VALUE_NOT_FINITE (with the row and column), VALUES_TOO_LARGE
 */
export function matrixRows(name: string, array: NdArray): MatrixRows {
  if (array.shape.length !== 2) throw rankMismatch(name, "[N, D]", array.shape);
  const [rows, columns] = array.shape as readonly [number, number];
  if (rows === 0 || columns === 0) throw inputEmpty(name);
  // float64 stays as it is: nothing here writes to its inputs.
  const values = array.data instanceof Float64Array ? array.data : new Float64Array(array.data);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw valueNotFinite(name, Math.floor(i / columns), i % columns, values[i]!);
    if (Math.abs(values[i]!) > LARGEST) throw valuesTooLarge(name, Math.floor(i / columns), i % columns, values[i]!);
  }
  return { rows, columns, values };
}
