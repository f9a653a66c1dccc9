import { type CellFault, cellUnusable, textColumn } from "../errors/dataset-errors.js";
import { faultOf, parseDecimal } from "../formats/decimal.js";
import { type ColumnTable, type TextColumn, whereCell } from "../tables/table.js";
import type { Features } from "./features.js";

/** Column names that usually hold classes. */
const LABEL_NAMES = /^(?:labels?|class(?:es)?|target|category|species|y|cluster)$/i;

export const looksLikeLabelName = (name: string) => LABEL_NAMES.test(name);

/**
 * The chosen columns as a row-major matrix [rows, columns].
 *
 * Errors   COLUMN_TEXT for a column of text; CELL_EMPTY, CELL_NOT_A_NUMBER, CELL_INFINITE or CELL_TEXT for the first bad cell
 *          of a column that is mostly numbers
 */
export function columnFeatures(table: ColumnTable, selected: readonly number[]): Features {
  const { rows } = table;
  const width = selected.length;
  const values = new Float64Array(rows * width);
  selected.forEach((index, to) => {
    const column = table.columns[index]!;
    if (column.kind === "text") throw unusable(table, index, column);
    for (let row = 0; row < rows; row++) values[row * width + to] = column.values[row]!;
  });
  return {
    name: table.name,
    shape: [rows, width],
    values,
    ...(table.named ? { columns: selected.map((index) => table.columns[index]!.name) } : {}),
    whereIs: (row, offset) => whereCell(table, row, selected[offset]!),
  };
}

/** The error for a column that is not numbers throughout. */
function unusable(table: ColumnTable, index: number, column: TextColumn): Error {
  const bad = column.values.findIndex((cell) => Number.isNaN(parseDecimal(cell)));
  const cell = column.values[bad]!;
  const fault: CellFault = faultOf(cell);
  const words = column.values.filter((value) => Number.isNaN(parseDecimal(value)) && faultOf(value) === "text");
  const where = whereCell(table, bad, index);
  if (fault !== "text" || words.length * 2 < table.rows) {
    const firstLine = bad === 0 && !table.named && fault === "text";
    return cellUnusable(
      fault,
      cell,
      where,
      firstLine ? "Correct the value; if the line is a header, name every column in it." : undefined,
    );
  }
  const repeats = new Set(words).size * 2 <= words.length;
  return textColumn(column.name, cell, where, looksLikeLabelName(column.name) || repeats);
}
