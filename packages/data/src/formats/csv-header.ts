import { columnRepeated } from "../errors/text-errors.js";
import type { CsvColumn } from "./csv-column.js";
import { faultOf } from "./decimal.js";

/**
 * Whether the first row names the columns: in every column that is numbers from the second row on, its cell is no number,
 * and at least one is a word rather than a missing value. A file of text alone is taken to have a header.
 */
export function firstRowIsHeader(first: readonly string[], columns: readonly CsvColumn[]): boolean {
  if (columns.some((column) => column.firstIsNumber)) return false;
  const numeric = first.filter((_, index) => columns[index]!.numericBelow);
  return numeric.length === 0 || numeric.some((cell) => faultOf(cell) === "text");
}

/**
 * The names that a header row gives; a column without one is called by its position.
 *
 * Errors   COLUMN_REPEATED
 */
export function namesOf(first: readonly string[], path: string, line: number): string[] {
  const seen = new Map<string, number>();
  return first.map((cell, index) => {
    const name = cell.trim() || String(index);
    const before = seen.get(name);
    if (before !== undefined) throw columnRepeated(path, line, name, before, index);
    seen.set(name, index);
    return name;
  });
}

/** The position of the column that a user calls `name`: its name, or its position counted from 0 (from the end when negative). */
export function positionOf(name: string, names: readonly string[]): number | undefined {
  const named = names.indexOf(name);
  if (named !== -1) return named;
  if (!/^-?\d+$/.test(name)) return undefined;
  const position = Number(name);
  const index = position < 0 ? names.length + position : position;
  return index >= 0 && index < names.length ? index : undefined;
}
