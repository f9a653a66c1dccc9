import { listsOfTwoLengths, tooManyColumns } from "../errors/parquet-errors.js";
import type { Column } from "../tables/table.js";
import { positionOf } from "./csv-header.js";

/** The values of a column, one a row: typed numbers, or whatever they are. */
export type Cells = ArrayLike<number> | ArrayLike<bigint> | readonly unknown[];

export interface RawColumn {
  readonly name: string;
  readonly cells: Cells;
}

/** More columns are no table: their names alone would fill the memory. */
const MOST_COLUMNS = 100_000;

/**
 * The columns of a file as numbers or text; a list of numbers becomes a column for each of its items.
 *
 * @param spelled columns that name classes or rows: of whole numbers beyond 2^53 their digits are kept
 * @throws DataError RAGGED_ROW for lists of two lengths, by row and column; PARQUET_COLUMNS
 */
export function columnsOf(raw: readonly RawColumn[], path: string, spelled: readonly (string | undefined)[]): Column[] {
  const spread = raw.map((column) => ({ ...column, width: widthOf(column, path) }));
  const count = spread.reduce((sum, { width }) => sum + (width ?? 1), 0);
  if (count > MOST_COLUMNS) throw tooManyColumns(path, count, MOST_COLUMNS);
  const names = spread.flatMap(({ name, width }) =>
    width === undefined ? [name] : Array.from({ length: width }, (_, item) => `${name}[${item}]`),
  );
  const exact = new Set(spelled.flatMap((name) => (name === undefined ? [] : [positionOf(name.trim(), names)])));
  let at = 0;
  return spread.flatMap(({ name, cells, width }) => {
    const first = at;
    at += width ?? 1;
    if (width === undefined) return [columnOf(name, cells, exact.has(first))];
    return Array.from({ length: width }, (_, item) => {
      const own = Array.from(cells as readonly (ArrayLike<unknown> | null | undefined)[], (list) => list?.[item]);
      return columnOf(`${name}[${item}]`, own, exact.has(first + item));
    });
  });
}

/** How many numbers the lists of a column hold; undefined where it holds none. */
function widthOf({ name, cells }: RawColumn, path: string): number | undefined {
  if (!Array.isArray(cells)) return undefined;
  const first = cells.findIndex(isList);
  if (first === -1 || !holdsNumbers(cells[first] as ArrayLike<unknown>)) return undefined;
  const { length } = cells[first] as ArrayLike<unknown>;
  cells.forEach((cell, row) => {
    if (!isList(cell) || cell.length === length) return;
    throw listsOfTwoLengths(`${path}, row ${row} (counted from 0), column "${name}"`, cell.length, length);
  });
  return length;
}

const isList = (cell: unknown): cell is ArrayLike<unknown> =>
  Array.isArray(cell) || (ArrayBuffer.isView(cell) && !(cell instanceof DataView));

const isNumber = (value: unknown) =>
  typeof value === "number" || typeof value === "bigint" || typeof value === "boolean";

const holdsNumbers = (list: ArrayLike<unknown>) =>
  list.length > 0 && Array.from(list).every((value) => value === null || value === undefined || isNumber(value));

function columnOf(name: string, cells: Cells, exact: boolean): Column {
  const list: ArrayLike<unknown> = cells;
  for (let row = 0; row < list.length; row++) if (!isNumber(list[row])) return textOf(name, list);
  const values = Float64Array.from(list, Number);
  const digits =
    exact && Array.from(list).some((value) => typeof value === "bigint" && !Number.isSafeInteger(Number(value)));
  return { kind: "number", name, values, ...(digits ? { spelled: Array.from(list, String) } : {}) };
}

function textOf(name: string, list: ArrayLike<unknown>): Column {
  return { kind: "text", name, values: Array.from(list, spelling) };
}

/** A cell as text: what is missing is empty. */
function spelling(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));
}
