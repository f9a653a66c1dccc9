import { sizeOf } from "@semblance/core";
import {
  writeColumnRepeated,
  writeNotFinite,
  writeRankUnsupported,
  writeShapeMismatch,
} from "../errors/write-errors.js";
import { type Table, whereCell, whereRow } from "../tables/table.js";

/** A table seen as rows of numbers and strings, for the writers of text formats. */
export interface TableRows {
  readonly rows: number;
  /** The names of the columns, where they have some. */
  readonly names: readonly string[] | undefined;
  /** @throws DataError VALUE_NOT_FINITE when the row holds NaN or an infinity. */
  readonly row: (index: number) => (number | string)[];
}

/**
 * Errors   TABLE_MALFORMED, COLUMN_REPEATED, RANK_UNSUPPORTED
 */
export function tableRows(table: Table, format: string): TableRows {
  if (table.kind === "columns") {
    const seen = new Set<string>();
    for (const { name, values } of table.columns) {
      if (values.length !== table.rows) throw writeShapeMismatch(table.rows, values.length, `column "${name}"`);
      if (seen.has(name)) throw writeColumnRepeated(name);
      seen.add(name);
    }
    return {
      rows: table.rows,
      names: table.named ? [...seen] : undefined,
      row: (index) =>
        table.columns.map(({ values }, column) => finite(values[index]!, () => whereCell(table, index, column))),
    };
  }
  const [rows = 0, ...item] = table.shape;
  if (table.shape.length === 0 || item.length > 1) throw writeRankUnsupported(format, table.shape.length);
  const { values } = table;
  if (values.length !== sizeOf(table.shape)) throw writeShapeMismatch(sizeOf(table.shape), values.length, "the array");
  const width = item[0] ?? 1;
  return {
    rows,
    names: undefined,
    row: (index) =>
      Array.from(values.subarray(index * width, (index + 1) * width), (value) =>
        finite(value, () => whereRow(table, index)),
      ),
  };
}

function finite<T extends number | string>(value: T, where: () => string): T {
  if (typeof value === "number" && !Number.isFinite(value)) throw writeNotFinite(value, where());
  return value;
}
