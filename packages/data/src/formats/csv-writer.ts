import type { Table } from "../tables/table.js";
import { tableRows } from "./table-rows.js";

/** Rows joined before they are handed on: large enough for the disk, small enough for a string. */
const ROWS_A_CHUNK = 1000;

/**
 * The table as RFC 4180 text with \n line ends: a header where the columns have names, the shortest decimals that read back
 * as the same numbers, quotes where a cell needs them.
 *
 * Errors   VALUE_NOT_FINITE, TABLE_MALFORMED, COLUMN_REPEATED, RANK_UNSUPPORTED
 */
export function writeCsv(table: Table): string {
  return [...encodeDelimited(table, ",")].join("");
}

/** The same in pieces, with commas or tabs. */
export function* encodeDelimited(table: Table, delimiter: "," | "\t"): Generator<string> {
  const { rows, names, row } = tableRows(table, delimiter === "," ? "CSV" : "TSV");
  const line = (cells: readonly (number | string)[]) =>
    `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\n`;
  if (names !== undefined) yield line(names);
  for (let start = 0; start < rows; start += ROWS_A_CHUNK) {
    let chunk = "";
    for (let index = start; index < Math.min(rows, start + ROWS_A_CHUNK); index++) chunk += line(row(index));
    yield chunk;
  }
}

function quoted(cell: number | string, delimiter: string): string {
  // String(-0) is "0", and a number must read back as it was.
  if (typeof cell === "number") return Object.is(cell, -0) ? "-0" : String(cell);
  // An empty cell alone in its row would be an empty line, which readers pass over; spaces at the ends are lost on some.
  const plain = cell !== "" && cell.trim() === cell && !/["\r\n]/.test(cell) && !cell.includes(delimiter);
  return plain ? cell : `"${cell.replaceAll('"', '""')}"`;
}
