import { fileEmpty } from "../errors/file-errors.js";
import { jsonInvalid, jsonRowDiffers, jsonShape } from "../errors/text-errors.js";
import { listNames } from "../names/nearest-name.js";
import type { Column, ColumnTable } from "../tables/table.js";
import { textBytes } from "./text-bytes.js";
import { forEachLine } from "./text-lines.js";

type Cell = number | string;

/** The row as named cells: numbers and strings as they are, the items of a list under `key[0]`, `key[1]` … */
interface Row {
  readonly names: readonly string[];
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
  let named = false;
  let cells: Cell[][] = [];
  let labelColumn: string | undefined;
  const lines: number[] = [];
  forEachLine(textBytes(bytes, path), path, ({ text, number: line }) => {
    if (text.trim() === "") return;
    const value = parseLine(text, path, line);
    const row = rowOf(value, path, line);
    if (names === undefined) {
      names = row.names;
      cells = names.map(() => []);
      named = !Array.isArray(value);
      if (named && "label" in (value as object) && Object.values(value as object).some(Array.isArray))
        labelColumn = "label";
    }
    const ordered = inOrder(row, names, path, line);
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
    return { names: value.map((_, index) => String(index)), cells: value.map((item) => cellOf(item, path, line)) };
  }
  const names: string[] = [];
  const cells: Cell[] = [];
  for (const [key, item] of Object.entries(value)) {
    if (Array.isArray(item)) {
      item.forEach((part, index) => {
        names.push(`${key}[${index}]`);
        cells.push(cellOf(part, path, line));
      });
    } else {
      names.push(key);
      cells.push(cellOf(item, path, line));
    }
  }
  if (names.length === 0) throw jsonShape(path, line, "an object without values");
  return { names, cells };
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
  if (row.names.length === names.length && row.names.every((name, index) => name === names[index])) return row.cells;
  const byName = new Map(row.names.map((name, index) => [name, row.cells[index]!]));
  const missing = names.filter((name) => !byName.has(name));
  if (missing.length > 0) throw jsonRowDiffers(path, line, `lacks ${listNames(missing, 3)} of the first row`);
  const known = new Set(names);
  const extra = row.names.filter((name) => !known.has(name));
  if (extra.length > 0) throw jsonRowDiffers(path, line, `has ${listNames(extra, 3)}, which the first row lacks`);
  return names.map((name) => byName.get(name)!);
}

function columnOf(name: string, cells: readonly Cell[]): Column {
  const numeric = cells.every((cell) => typeof cell === "number");
  return numeric
    ? { kind: "number", name, values: Float64Array.from(cells as readonly number[]) }
    : { kind: "text", name, values: cells.map(String) };
}
