import { stat } from "node:fs/promises";
import type { Labels } from "@semblance/core";
import { nearNames } from "@semblance/core";
import { labelCountWrong, labelsNotOneColumn, labelsUnknown } from "../errors/dataset-errors.js";
import { readBytes } from "../files/read-bytes.js";
import { readCsv } from "../formats/csv.js";
import { positionOf } from "../formats/csv-header.js";
import { textBytes } from "../formats/text-bytes.js";
import { forEachLine } from "../formats/text-lines.js";
import { formatOf } from "../tables/formats.js";
import { type ColumnTable, type Table, whereRow } from "../tables/table.js";
import { toLabels } from "./labels.js";

/** Where labels were found: in a column of the table (which is then no feature), or elsewhere. */
export interface FoundLabels {
  readonly labels: Labels;
  readonly columnIndex?: number;
}

/**
 * The labels that `requested` names (a column, its position, an array of the archive, or a file with one label a row),
 * or those that the file itself marks as labels.
 *
 * Errors   LABELS_UNKNOWN, LABELS_LENGTH, LABELS_SHAPE, LABEL_EMPTY, LABEL_NOT_FINITE, those of reading a file
 */
export async function findLabels(table: Table, requested: string | undefined): Promise<FoundLabels | undefined> {
  const rows = table.kind === "columns" ? table.rows : table.shape[0]!;
  if (table.kind === "array" && table.labels !== undefined) {
    const { name, values } = table.labels;
    if (requested === undefined || requested === name || requested === "label" || requested === "labels") {
      checkCount(values.length, rows, `${table.name}, array "${name}"`);
      return { labels: toLabels(values, (row) => whereRow(table, row)) };
    }
  }
  const name = requested ?? (table.kind === "columns" ? table.labelColumn : undefined);
  if (name === undefined) return undefined;
  const names = columnNames(table);
  const index = positionOf(name.trim(), names);
  if (index !== undefined) return { labels: labelsOfColumn(table, index), columnIndex: index };
  if (await isThere(name)) return { labels: await labelsOfFile(name, rows) };
  throw labelsUnknown(table.name, name, names, nearNames(name, [...names, ...(otherArrays(table) ?? [])])[0]);
}

/** The names by which columns of a table can be called; none when it has no columns. */
export function columnNames(table: Table): readonly string[] {
  if (table.kind === "columns") return table.columns.map((column) => column.name);
  return table.shape.length === 2 ? Array.from({ length: table.shape[1]! }, (_, index) => String(index)) : [];
}

const otherArrays = (table: Table) => (table.kind === "array" ? table.otherArrays : undefined);

function labelsOfColumn(table: Table, index: number): Labels {
  const where = (row: number) => whereRow(table, row);
  if (table.kind === "columns") {
    const column = table.columns[index]!;
    return toLabels(column.kind === "number" ? (column.spelled ?? column.values) : column.values, where);
  }
  const [rows = 0, width = 1] = table.shape;
  return toLabels(
    Float64Array.from({ length: rows }, (_, row) => table.values[row * width + index]!),
    where,
  );
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function labelsOfFile(path: string, rows: number): Promise<Labels> {
  const bytes = await readBytes(path);
  const format = formatOf(path);
  if (format === undefined) return labelsOfLines(bytes, path, rows);
  // Names alone do not tell a header from a first label, but the number of rows does.
  const table = /\.[ct]sv(?:\.gz)?$/i.test(path)
    ? delimitedLabels(bytes, path, rows)
    : await format.read(bytes, path, {});
  const where = (row: number) => whereRow(table, row);
  if (table.kind === "array") {
    const width = table.values.length / table.shape[0]!;
    if (width !== 1) throw labelsNotOneColumn(path, `shape [${table.shape.join(", ")}]`);
    checkCount(table.values.length, rows, path);
    return toLabels(table.values, where);
  }
  if (table.columns.length !== 1) throw labelsNotOneColumn(path, `${table.columns.length} columns`);
  checkCount(table.rows, rows, path);
  return labelsOfColumn(table, 0);
}

function delimitedLabels(bytes: Uint8Array, path: string, rows: number): ColumnTable {
  const delimiter = /\.tsv(?:\.gz)?$/i.test(path) ? "\t" : ",";
  const table = readCsv(bytes, path, delimiter, { header: false, labels: "0" });
  const [column] = table.columns;
  if (table.rows !== rows + 1 || column?.kind !== "text") return table;
  // One line too many is a header only if it is no class itself; otherwise dropping it would shift every label.
  if (column.values.indexOf(column.values[0]!, 1) !== -1) return table;
  return readCsv(bytes, path, delimiter, { header: true, labels: "0" });
}

function labelsOfLines(bytes: Uint8Array, path: string, rows: number): Labels {
  const names: string[] = [];
  const lines: number[] = [];
  forEachLine(textBytes(bytes, path), path, ({ text, number }) => {
    if (text.trim() === "") return;
    names.push(text);
    lines.push(number);
  });
  checkCount(names.length, rows, path);
  return toLabels(names, (row) => `${path}:${lines[row]}`);
}

function checkCount(labels: number, rows: number, where: string): void {
  if (labels !== rows) throw labelCountWrong(where, labels, rows);
}
