import { type MultiLabels, ndarray, nearNames } from "@semblance/core";
import { columnUnknown } from "../errors/dataset-errors.js";
import { noSuchColumns, notZeroOrOne } from "../errors/supervision-errors.js";
import { positionOf } from "../formats/csv-header.js";
import { type Table, whereCell } from "../tables/table.js";
import { columnNames } from "./label-source.js";

/** Several labels of a row, and the columns that they were found in. */
export interface FoundMultiLabels {
  readonly supervision: MultiLabels;
  readonly columnIndices: readonly number[];
}

/**
 * Columns of 0 and 1, each a class, as the classes of rows.
 *
 * Errors   COLUMN_UNKNOWN, MULTI_LABELS_WITHOUT_COLUMNS, MULTI_LABEL_INVALID
 */
export function findMultiLabels(table: Table, requested: readonly string[]): FoundMultiLabels {
  const names = columnNames(table);
  if (names.length === 0) throw noSuchColumns(table.name);
  const columnIndices = requested.map((name) => {
    const index = positionOf(name.trim(), names);
    if (index === undefined) throw columnUnknown(table.name, name, names, nearNames(name, names)[0]);
    return index;
  });
  const rows = table.kind === "columns" ? table.rows : table.shape[0]!;
  const data = new Float32Array(rows * columnIndices.length);
  columnIndices.forEach((index, to) => {
    for (let row = 0; row < rows; row++) {
      const cell = cellOf(table, row, index);
      if (cell !== 0 && cell !== 1) {
        const where =
          table.kind === "columns" ? whereCell(table, row, index) : `${table.name}, row ${row}, column ${index}`;
        throw notZeroOrOne(where, String(cell));
      }
      data[row * columnIndices.length + to] = cell;
    }
  });
  return {
    supervision: {
      form: "multi-labels",
      memberships: ndarray("float32", [rows, columnIndices.length], data),
      names: columnIndices.map((index) => names[index]!),
    },
    columnIndices,
  };
}

function cellOf(table: Table, row: number, index: number): number | string {
  if (table.kind === "array") return table.values[row * table.shape[1]! + index]!;
  return table.columns[index]!.values[row]!;
}
