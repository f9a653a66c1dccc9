import type { NdArray } from "@semblance/core";
import { writeShapeMismatch } from "../errors/write-errors.js";
import type { ArrayTable, Column, ColumnTable } from "./table.js";

/**
 * A table of named columns: numbers from any array of numbers, text from an array of strings.
 *
 * Errors   TABLE_MALFORMED when columns differ in length
 *
 * ```ts
 * tableOf("clusters", { row: [0, 1], cluster: ["left", "right"] }).rows // => 2
 * ```
 */
export function tableOf(
  name: string,
  columns: Readonly<Record<string, ArrayLike<number> | readonly string[]>>,
): ColumnTable {
  const built: Column[] = [];
  let rows: number | undefined;
  for (const [column, values] of Object.entries(columns)) {
    rows ??= values.length;
    if (values.length !== rows) throw writeShapeMismatch(rows, values.length, `column "${column}"`);
    built.push(
      isText(values)
        ? { kind: "text", name: column, values }
        : { kind: "number", name: column, values: Float64Array.from(values as ArrayLike<number>) },
    );
  }
  return { kind: "columns", name, rows: rows ?? 0, columns: built, named: true };
}

/** An array as a table, for instance embeddings [N, D]. The values are shared, not copied. */
export function tableOfArray(name: string, array: NdArray): ArrayTable {
  return { kind: "array", name, shape: array.shape, values: array.data };
}

function isText(values: ArrayLike<number> | readonly string[]): values is readonly string[] {
  return Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === "string");
}
