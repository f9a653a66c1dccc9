import type { Shape } from "@semblance/core";

/** The typed arrays that numeric files are read into, without widening. */
export type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  readonly values: Float64Array;
  /** The cells as the file wrote them; kept only for the column that was named as the labels. */
  readonly spelled?: readonly string[];
}

/** A column with at least one cell that is not a plain finite decimal number. */
export interface TextColumn {
  readonly kind: "text";
  readonly name: string;
  readonly values: readonly string[];
}

export type Column = NumberColumn | TextColumn;

/** Rows of a text file: named columns of equal length. */
export interface ColumnTable {
  readonly kind: "columns";
  /** What messages call it: the file's path. */
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Whether the file names its columns; otherwise a column is called by its position, counted from 0. */
  readonly named: boolean;
  /** The line of the file, counted from 1, on which each row begins. */
  readonly lines?: Int32Array;
  /** The column that the format itself marks as the labels. */
  readonly labelColumn?: string;
  readonly warnings?: readonly string[];
}

/** Rows of an array file: numbers along any number of axes, the first of which counts the rows. */
export interface ArrayTable {
  readonly kind: "array";
  readonly name: string;
  /** [rows, …item], with at least one axis. */
  readonly shape: Shape;
  /** Row-major. Float values may be NaN or infinite here; `loadDataset` refuses them. */
  readonly values: Numbers;
  /** Labels that came in the same file. */
  readonly labels?: { readonly name: string; readonly values: Numbers };
  /** Other arrays of the file, which may be named as labels. */
  readonly otherArrays?: readonly string[];
  readonly image?: { readonly height: number; readonly width: number; readonly ink: number };
  readonly notes?: readonly string[];
}

/** A file's content before anyone decided which part of it is features. */
export type Table = ColumnTable | ArrayTable;

/** What a reader may need to know about the file. */
export interface ReadOptions {
  /** Whether the first row of a CSV or TSV file names the columns; found out from the content when left out. */
  readonly header?: boolean;
  /** The column or array that will be the labels: its cells are kept as they are spelled. */
  readonly labels?: string;
  /** The column that will name the rows: kept as it is spelled too. */
  readonly ids?: string;
}

/** Row `row` of a table, as messages name it. */
export function whereRow(table: Table, row: number): string {
  const line = table.kind === "columns" ? table.lines?.[row] : undefined;
  return line === undefined ? `${table.name}, row ${row} (counted from 0)` : `${table.name}:${line}`;
}

/** Cell (`row`, `column`) of a table, as messages name it. */
export function whereCell(table: ColumnTable, row: number, column: number): string {
  const name = table.columns[column]?.name ?? String(column);
  return `${whereRow(table, row)}, column ${table.named ? `"${name}"` : `${column} (counted from 0)`}`;
}
