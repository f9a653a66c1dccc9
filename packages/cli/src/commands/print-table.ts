import type { ColumnTable } from "@semblance/data";
import type { Context } from "./context.js";

/** Lines are joined before they are written: a call for each of a million rows would take longer than their prediction. */
const LINES_AT_ONCE = 1000;

/** A table on standard output: as CSV, or as JSON lines with `--json`. */
export function printTable({ columns, rows }: ColumnTable, { terminal, settings }: Context): void {
  const names = columns.map(({ name }) => name);
  let lines = settings.json ? [] : [names.map(quoted).join(",")];
  const flush = () => {
    if (lines.length > 0) terminal.out(`${lines.join("\n")}\n`);
    lines = [];
  };
  for (let row = 0; row < rows; row++) {
    const values = columns.map((column) => column.values[row]!);
    lines.push(
      settings.json
        ? JSON.stringify(Object.fromEntries(names.map((name, index) => [name, values[index]])))
        : values.map((value) => quoted(String(value))).join(","),
    );
    if (lines.length >= LINES_AT_ONCE) flush();
  }
  flush();
}

const quoted = (cell: string) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
