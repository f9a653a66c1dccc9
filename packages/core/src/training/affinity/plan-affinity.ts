import type { Comparison } from "./comparison.js";

/** Up to this a matrix over the whole data set is kept, unless a run says otherwise: 1 GiB. */
export const AFFINITY_LIMIT = 2 ** 30;

/**
 * Where the matrix of a batch comes from: `given` with the data; a `table` of the whole data set, which alone defines it; the `whole`
 * matrix, computed once; or nowhere, for the program compares each batch by itself, from `features` or by the formula (`batch`).
 */
export type AffinityWay = "given" | "table" | "whole" | "features" | "batch";

export interface AffinityPlan {
  readonly way: AffinityWay;
  /** Which way and why, for the run's log. */
  readonly note: string;
}

export interface PlanOptions {
  readonly rows: number;
  /** The most bytes that a matrix may take. */
  readonly limit: number;
  /** How often the batches of the run compare a pair of rows, on average. */
  readonly timesEachPair: number;
}

const BYTES = 4;

/** Decides what is computed once and what per batch. */
export function planAffinity({ kind, entry }: Comparison, options: PlanOptions): AffinityPlan {
  const { rows, limit, timesEachPair } = options;
  const what = `${kind} "${entry.name}"`;
  const all = `all ${count(rows)} rows`;
  if (!entry.matrix && !entry.table) return { way: "given", note: `${what}: the given matrix of ${all}` };
  if (!entry.matrix) {
    return { way: "table", note: `${what} is computed once for ${all}: only all of them together define it` };
  }
  if ("features" in entry && entry.features) {
    return { way: "features", note: `${what} is computed per batch from its features, which needs no matrix` };
  }
  const bytes = BYTES * rows ** 2;
  if (bytes > limit) {
    return {
      way: "batch",
      note: `${what} is computed per batch: for ${all} it would take ${size(bytes)}, more than the limit of ${size(limit)} (affinityLimit)`,
    };
  }
  if (timesEachPair < 1) {
    return {
      way: "batch",
      note: `${what} is computed per batch: the run compares each pair of its ${count(rows)} rows ${timesEachPair.toFixed(2)} times on average, so that all pairs would be more work`,
    };
  }
  return {
    way: "whole",
    note: `${what} is computed once for ${all}: ${size(bytes)}, within the limit of ${size(limit)} (affinityLimit)`,
  };
}

const count = (value: number) => value.toLocaleString("en");

function size(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${value.toFixed(Number.isInteger(value) || power === 0 ? 0 : 1)} ${units[power]}`;
}
