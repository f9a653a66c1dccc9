import { type NdArray, showShape } from "../arrays/nd-array.js";
import type { Distance } from "../contracts/distance.js";
import type { Kernel } from "../contracts/kernel.js";
import type { PairTable } from "../contracts/pair-table.js";
import { DataError } from "../errors.js";
import { requireFiniteMatrix } from "./require-finite-matrix.js";

/**
 * The table of a kernel or distance over the rows of a data set [n, d], of the shape that it should have.
 *
 * @throws DataError TOO_MANY_ROWS, AFFINITY_NOT_SQUARE, AFFINITY_NOT_FINITE, and what the table itself refuses
 */
export async function computeTable(entry: Kernel | Distance, data: NdArray, config: unknown): Promise<PairTable> {
  const rows = data.shape[0]!;
  requireTableRows(entry, rows);
  const table = await entry.table!(data, config);
  const where = `${entry.kind} "${entry.name}"`;
  if (table.shape.length === 2 && table.shape[0] === rows && table.shape[1] === rows) {
    // Whole numbers are finite by their type.
    if (table.data instanceof Float32Array || table.data instanceof Float64Array) {
      requireFiniteMatrix(table.data, rows, { entry, where });
    }
    return table;
  }
  throw new DataError(
    "AFFINITY_NOT_SQUARE",
    `the table of ${where} is ${showShape(table.shape)}, not [${rows}, ${rows}]`,
    { where, fix: "Compare each row of the data with each other." },
  );
}

/** @throws DataError TOO_MANY_ROWS where a table has a limit and this is more */
export function requireTableRows({ kind, name, mostRows }: Kernel | Distance, rows: number): void {
  if (mostRows === undefined || rows <= mostRows) return;
  throw new DataError("TOO_MANY_ROWS", `${rows} rows, and ${kind} "${name}" compares at most ${mostRows}`, {
    where: `${kind} "${name}"`,
    fix: `Train on a sample of the rows, or choose a ${kind} that is computed per batch.`,
  });
}
