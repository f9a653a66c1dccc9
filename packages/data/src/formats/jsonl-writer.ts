import type { Table } from "../tables/table.js";
import { tableRows } from "./table-rows.js";

const ROWS_A_CHUNK = 1000;

/** The table as JSON lines: an object a row where the columns have names, an array a row otherwise. */
export function* encodeJsonl(table: Table): Generator<string> {
  const { rows, names, row } = tableRows(table, "JSON lines");
  const line = (cells: readonly (number | string)[]) =>
    names === undefined
      ? `[${cells.map(json).join(",")}]\n`
      : `{${cells.map((cell, column) => `${JSON.stringify(names[column])}:${json(cell)}`).join(",")}}\n`;
  for (let start = 0; start < rows; start += ROWS_A_CHUNK) {
    let chunk = "";
    for (let index = start; index < Math.min(rows, start + ROWS_A_CHUNK); index++) chunk += line(row(index));
    yield chunk;
  }
}

const json = (cell: number | string) => (Object.is(cell, -0) ? "-0" : JSON.stringify(cell));
