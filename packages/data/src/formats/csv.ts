import { fileEmpty } from "../errors/file-errors.js";
import { headerOnly, otherDelimiter } from "../errors/text-errors.js";
import type { ColumnTable, ReadOptions } from "../tables/table.js";
import { CsvColumn } from "./csv-column.js";
import { firstRowIsHeader, namesOf, positionOf } from "./csv-header.js";
import { forEachRecord } from "./csv-records.js";
import { textBytes } from "./text-bytes.js";

/**
 * Reads delimiter-separated text (RFC 4180: quotes, \n or \r\n, optional byte order mark, optional header).
 *
 * Errors   FILE_EMPTY, BINARY_FILE, ENCODING_UNSUPPORTED, HEADER_ONLY, RAGGED_ROW, QUOTES_BROKEN, COLUMN_REPEATED, DELIMITER_UNEXPECTED
 */
export function readCsv(
  bytes: Uint8Array,
  path: string,
  delimiter: "," | "\t",
  options: ReadOptions = {},
): ColumnTable {
  const text = textBytes(bytes, path);
  const scan = scanColumns(text, path, delimiter, options, new Set());
  const lost = new Set(scan.columns.flatMap((column, index) => (column.textLost ? [index] : [])));
  if (lost.size === 0) return finish(scan, path, options);
  // Columns of numbers that turned out to hold text further down are read again, this time with their cells kept.
  return finish(scanColumns(text, path, delimiter, options, lost), path, options);
}

interface Scan {
  readonly first: readonly string[];
  readonly columns: readonly CsvColumn[];
  readonly lines: readonly number[];
}

function scanColumns(
  text: Uint8Array,
  path: string,
  delimiter: "," | "\t",
  options: ReadOptions,
  keptAsText: ReadonlySet<number>,
): Scan {
  let first: readonly string[] = [];
  let columns: CsvColumn[] = [];
  const lines: number[] = [];
  const spelled = [options.labels, options.ids].flatMap((name) => (name === undefined ? [] : [name.trim()]));
  forEachRecord(text, path, delimiter, (cells, line) => {
    if (lines.length === 0) {
      refuseOtherDelimiter(cells, path, line, delimiter);
      first = cells;
      const names = cells.map((cell) => cell.trim());
      const kept = new Set(spelled.map((name) => positionOf(name, names)));
      columns = cells.map((_, index) => new CsvColumn(kept.has(index) || keptAsText.has(index)));
    }
    lines.push(line);
    for (let index = 0; index < cells.length; index++) columns[index]!.push(cells[index]!, first[index]!);
  });
  return { first, columns, lines };
}

function finish({ first, columns, lines }: Scan, path: string, options: ReadOptions): ColumnTable {
  if (lines.length === 0) throw fileEmpty(path);
  const header = options.header ?? firstRowIsHeader(first, columns);
  if (header && lines.length === 1) throw headerOnly(path, lines[0]!);
  const names = header ? namesOf(first, path, lines[0]!) : first.map((_, index) => String(index));
  const from = header ? 1 : 0;
  const table: ColumnTable = {
    kind: "columns",
    name: path,
    rows: lines.length - from,
    columns: columns.map((column, index) => column.finish(names[index]!, from, first[index]!)),
    named: header,
    lines: Int32Array.from(lines.slice(from)),
  };
  const countsUp = first.length > 2 && first.every((cell, index) => cell.trim() === String(index));
  if (header || options.header === false || !countsUp) return table;
  return {
    ...table,
    warnings: [`${path}:${lines[0]} reads 0, 1, 2, … and was taken for a row of data, not for a header`],
  };
}

function refuseOtherDelimiter(cells: readonly string[], path: string, line: number, delimiter: string): void {
  const [only = ""] = cells;
  if (cells.length !== 1) return;
  const other = (
    [
      ["tabs", "\t"],
      ["semicolons", ";"],
      ["commas", ","],
    ] as const
  ).find(([, mark]) => only.includes(mark));
  if (other !== undefined) throw otherDelimiter(path, line, other[0], delimiter === "," ? "commas" : "tabs");
}
