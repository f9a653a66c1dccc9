import type { CellFault } from "../errors/dataset-errors.js";

/**
 * `Number` alone would also take "", "0x10", "0b1" and "Infinity".
 * `\d+\.?\d*` would accept the same, in quadratic time on a long run of digits.
 */
const DECIMAL = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const MISSING = /^\s*(?:[+-]?nan|na|n\/a|null|none|nil|-|\?)\s*$/i;
const INFINITE = /^\s*[+-]?inf(?:inity)?\s*$/i;

/** The finite number that a cell spells in plain decimal notation, or NaN when it does not. */
export function parseDecimal(cell: string): number {
  if (!DECIMAL.test(cell)) return Number.NaN;
  const value = Number(cell);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Why a cell for which `parseDecimal` gives NaN is no number. */
export function faultOf(cell: string): CellFault {
  if (cell.trim() === "") return "empty";
  if (MISSING.test(cell)) return "not-a-number";
  if (INFINITE.test(cell) || DECIMAL.test(cell)) return "infinite";
  return "text";
}
