import { allocate } from "../../arrays/dtype.js";
import { isEveryRow, type NdArray, ndarray, sizeOf } from "../../arrays/nd-array.js";
import type { SettledAffinity } from "../../container/bind-affinity.js";
import type { Arrays, Backend } from "../../contracts/backend.js";
import { type Dataset, rowsOf } from "../../contracts/dataset.js";
import type { PairTable } from "../../contracts/pair-table.js";
import { DataError } from "../../errors.js";
import { computeTable } from "../../evaluation/compute-table.js";
import { type ComparingLearner, type Comparison, comparisonOf } from "./comparison.js";
import { AFFINITY_LIMIT, type AffinityWay, planAffinity } from "./plan-affinity.js";
import { tryLargestRows, wholeMatrix } from "./whole-matrix.js";

export interface PrepareAffinityOptions {
  readonly learner: ComparingLearner;
  readonly backend: Backend;
  readonly data: Dataset;
  readonly timesEachPair: number;
  /** The most bytes that a matrix over the whole data set may take. */
  readonly limit?: number;
  /** Whether the matrix is computed for all rows even where each batch could compare its own. */
  readonly wholeMatrix?: boolean;
}

/** What a run knows of the kernel or distance of its loss. */
export interface PreparedAffinity {
  readonly settled: SettledAffinity;
  /** What was decided, and why. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** What the rows of a batch add to its feeds. The arrays are written over by the next call with as many rows. */
  feeds(indices: Int32Array): Arrays;
}

/**
 * Works out what a loss compares rows by, once for a data set: the keys that depend on all rows, and the matrix where it fits.
 *
 * @throws DataError AFFINITY_NOT_FINITE, AFFINITY_ROWS, AFFINITY_NOT_SQUARE, TOO_MANY_ROWS, and what a table says of itself
 */
export async function prepareAffinity(options: PrepareAffinityOptions): Promise<PreparedAffinity | undefined> {
  const { learner, backend, data, timesEachPair, limit = AFFINITY_LIMIT } = options;
  const asked = comparisonOf(learner);
  if (!asked) return undefined;
  const rows = matrixOf(data.features);
  const planned = planAffinity(asked, { rows: rowsOf(data), limit, timesEachPair });
  const perBatch = planned.way === "features" || planned.way === "batch";
  const way = options.wholeMatrix && perBatch ? "whole" : planned.way;
  const { comparison, notes } = settle(asked, rows);
  const table = await tableBy(way, comparison, rows, options);
  const { kind, reference, config } = comparison;
  return {
    settled: { kind, reference, config, fed: table !== undefined },
    notes: way === planned.way ? [planned.note, ...notes] : notes,
    warnings: table?.warnings ?? [],
    feeds: table ? partsOf(table, backend) : () => ({}),
  };
}

/** The comparison with what depends on all rows worked out. */
function settle(comparison: Comparison, rows: NdArray): { comparison: Comparison; notes: readonly string[] } {
  const { entry, config } = comparison;
  if (!("settle" in entry) || !entry.settle) return { comparison, notes: [] };
  const settled = entry.settle(rows, config);
  return {
    comparison: { ...comparison, config: settled.config },
    notes: settled.note === undefined ? [] : [settled.note],
  };
}

async function tableBy(
  way: AffinityWay,
  comparison: Comparison,
  rows: NdArray,
  { data, backend }: PrepareAffinityOptions,
): Promise<PairTable | undefined> {
  const asked = { backend, comparison, data: rows, where: data.name };
  switch (way) {
    case "given":
      return givenTable(data);
    case "table":
      return requireUsable(await computeTable(comparison.entry, rows, comparison.config), data.name);
    case "whole":
      return comparison.entry.table
        ? requireUsable(await computeTable(comparison.entry, rows, comparison.config), data.name)
        : await wholeMatrix(asked);
    case "features":
    case "batch":
      await tryLargestRows(asked);
      return undefined;
    default:
      return way satisfies never;
  }
}

function requireUsable(table: PairTable, where: string): PairTable {
  if (!table.unusable) return table;
  const { code, message, fix } = table.unusable;
  throw new DataError(code, message, { where, fix });
}

/** What the learner was made with is checked there; other data may be trained on. */
function givenTable(data: Dataset): PairTable {
  const { affinity } = data;
  const n = rowsOf(data);
  if (affinity && affinity.shape.length === 2 && affinity.shape.every((extent) => extent === n)) return affinity;
  throw new DataError(
    "AFFINITY_ROWS",
    `the data have ${n} rows and ${affinity ? `an affinity matrix [${affinity.shape.join(", ")}]` : "no affinity matrix"}`,
    { where: data.name, fix: "Train on the data that the learner was made with." },
  );
}

/** Rows as [n, d]. */
function matrixOf(features: NdArray): NdArray {
  const [n = 0, ...item] = features.shape;
  return item.length === 1 ? features : ndarray(features.dtype, [n, sizeOf(item)], features.data);
}

/** Gathers the part of a table that compares the rows of a batch, into one array for each size of batch; all rows take the table itself. */
function partsOf({ shape, data }: PairTable, { float }: Backend): (indices: Int32Array) => Arrays {
  const n = shape[0]!;
  const parts = new Map<number, NdArray>();
  let whole: NdArray | undefined;
  return (indices) => {
    if (isEveryRow(indices, n)) {
      whole ??= ndarray(float, [n, n], data);
      return { affinity: whole };
    }
    const count = indices.length;
    const part = parts.get(count) ?? ndarray(float, [count, count], allocate(float, count * count));
    parts.set(count, part);
    const taken = part.data;
    for (let i = 0, at = 0; i < count; i++) {
      const row = indices[i]! * n;
      for (let j = 0; j < count; j++) taken[at++] = data[row + indices[j]!]!;
    }
    return { affinity: part };
  };
}
