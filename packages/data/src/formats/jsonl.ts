import { fileEmpty } from "../errors/file-errors.js";
import { jsonInvalid, jsonRowDiffers, jsonShape } from "../errors/text-errors.js";
import { listNames } from "../names/list-names.js";
import type { Column, ColumnTable } from "../tables/table.js";
import { textBytes } from "./text-bytes.js";
import { forEachLine } from "./text-lines.js";

type Cell = number | string;

/** The row as named cells: numbers and strings as they are, the items of a list under `key[0]`, `key[1]` … */
interface Row {
  /** Equal for rows whose cells have the same names in the same order; names themselves are long to spell out. */
  readonly layout: string;
  readonly names: () => readonly string[];
  readonly cells: readonly Cell[];
}

/**
 * Reads JSON lines: one row a line, each an array of numbers, an object of numbers and strings, or
 * `{"vector": [...], "label": ...}`, whose label is then the labels unless others are named.
 *
 * Errors   FILE_EMPTY, BINARY_FILE, ENCODING_UNSUPPORTED, JSON_INVALID, JSON_SHAPE, RAGGED_ROW
 */
export function readJsonl(bytes: Uint8Array, path: string): ColumnTable {
  let names: readonly string[] | undefined;
  let layout = "";
  let named = false;
  let cells: Cell[][] = [];
  let labelColumn: string | undefined;
  const lines: number[] = [];
  forEachLine(textBytes(bytes, path), path, ({ text, number: line }) => {
    if (text.trim() === "") return;
    const value = parseLine(text, path, line);
    const row = rowOf(value, path, line);
    if (names === undefined) {
      names = row.names();
      layout = row.layout;
      cells = names.map(() => []);
      named = !Array.isArray(value);
      if (named && "label" in (value as object) && Object.values(value as object).some(Array.isArray))
        labelColumn = "label";
    }
    const ordered = row.layout === layout ? row.cells : inOrder(row, names, path, line);
    for (let index = 0; index < ordered.length; index++) cells[index]!.push(ordered[index]!);
    lines.push(line);
  });
  if (names === undefined) throw fileEmpty(path);
  const columns = names.map((name, index) => columnOf(name, cells[index]!));
  const table = {
    kind: "columns",
    name: path,
    rows: lines.length,
    columns,
    named,
    lines: Int32Array.from(lines),
  } as const;
  return labelColumn === undefined ? table : { ...table, labelColumn };
}

function parseLine(text: string, path: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw jsonInvalid(path, line, cause);
  }
}

function rowOf(value: unknown, path: string, line: number): Row {
  if (typeof value !== "object" || value === null)
    throw jsonShape(path, line, `a bare ${value === null ? "null" : typeof value}`);
  if (Array.isArray(value)) {
    if (value.length === 0) throw jsonShape(path, line, "an empty array");
    const cells = value.map((item) => cellOf(item, path, line));
    return { layout: String(cells.length), names: () => cells.map((_, index) => String(index)), cells };
  }
  const cells: Cell[] = [];
  const extents: (readonly [key: string, length: number | undefined])[] = [];
  for (const [key, item] of Object.entries(value)) {
    extents.push([key, Array.isArray(item) ? item.length : undefined]);
    for (const part of Array.isArray(item) ? item : [item]) cells.push(cellOf(part, path, line));
  }
  if (cells.length === 0) throw jsonShape(path, line, "an object without values");
  return {
    layout: JSON.stringify(extents),
    names: () => extents.flatMap(([key, length]) => namesUnder(key, length)),
    cells,
  };
}

function namesUnder(key: string, length: number | undefined): string[] {
  return length === undefined ? [key] : Array.from({ length }, (_, index) => `${key}[${index}]`);
}

/** A missing or infinite number stays text, so that `loadDataset` can say where it is when the column is used. */
function cellOf(value: unknown, path: string, line: number): Cell {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string") return value;
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? 1 : 0;
  throw jsonShape(path, line, Array.isArray(value) ? "an array inside an array" : "an object inside a row");
}

function inOrder(row: Row, names: readonly string[], path: string, line: number): readonly Cell[] {
  const found = row.names();
  const byName = new Map(found.map((name, index) => [name, row.cells[index]!]));
  const missing = names.filter((name) => !byName.has(name));
  if (missing.length > 0) throw jsonRowDiffers(path, line, `lacks ${listNames(missing, 3)} of the first row`);
  const known = new Set(names);
  const extra = found.filter((name) => !known.has(name));
  if (extra.length > 0) throw jsonRowDiffers(path, line, `has ${listNames(extra, 3)}, which the first row lacks`);
  return names.map((name) => byName.get(name)!);
}

function columnOf(name: string, cells: readonly Cell[]): Column {
  const numeric = cells.every((cell) => typeof cell === "number");
  return numeric
    ? { kind: "number", name, values: Float64Array.from(cells as readonly number[]) }
    : { kind: "text", name, values: cells.map(String) };
}
