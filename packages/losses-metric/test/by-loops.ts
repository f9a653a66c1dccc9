import {
  type ComponentReference,
  createCatalogue,
  evaluateLoss,
  evaluateMiner,
  Key,
  type LossEvaluation,
  referenceBackend,
} from "@semblance/core";
import { metricPlugin } from "../src/metric-plugin.js";
import { divergencesPlugin } from "./divergences.js";

export const catalogue = createCatalogue([metricPlugin, divergencesPlugin]);
const backend = referenceBackend();

export interface Batch {
  readonly rows: readonly (readonly number[])[];
  readonly labels?: readonly number[];
  readonly relations?: readonly (readonly number[])[];
  readonly noise?: readonly (readonly number[])[];
}
const square = (rows: readonly (readonly number[])[]) => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  data: rows.flat(),
});

/** A loss of this package at a batch, in float64. */
export async function evaluate(
  loss: Exclude<ComponentReference, string>,
  { rows, labels, relations, noise }: Batch,
  parameters: Readonly<Record<string, readonly number[]>> = {},
): Promise<LossEvaluation> {
  return await evaluateLoss({
    catalogue,
    backend,
    loss,
    inputs: {
      embeddings: square(rows),
      ...(labels && { labels: { shape: [labels.length], data: [...labels] } }),
      ...(relations && { relations: square(relations) }),
      ...(noise && { noise: square(noise) }),
    },
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, data]) => [name, { shape: [data.length], data: [...data] }]),
    ),
  });
}

/** The tuples that a miner chooses of a batch with labels. */
export async function mined(miner: ComponentReference, { rows, labels, noise }: Batch): Promise<number[][]> {
  const { triplets, pairs } = await evaluateMiner({
    catalogue,
    backend,
    miner,
    embeddings: square(rows),
    labels: { shape: [labels!.length], data: [...labels!] },
    ...(noise && { noise: square(noise) }),
  });
  const { shape, data } = (triplets ?? pairs)!;
  return Array.from({ length: shape[0]! }, (_, at) => Array.from(data).slice(at * shape[1]!, (at + 1) * shape[1]!));
}

export function drawBatch(
  seed: number,
  n: number,
  classes: number,
  width = 3,
): Required<Pick<Batch, "rows" | "labels">> {
  const key = Key.fromSeed(seed);
  return {
    rows: Array.from({ length: n }, (_, row) => [...key.fold(row).normal(width)]),
    labels: [...key.fold("labels").uniform(n, 0, classes)].map(Math.floor),
  };
}

/** What labels say, as relations. */
export const relationsOf = (labels: readonly number[]) =>
  labels.map((a, i) => labels.map((b, j) => (i === j ? 0 : a === b ? 1 : -1)));

/** Divergences of rows, written out. */
export const unit = (row: readonly number[]) => {
  const length = Math.hypot(...row);
  return row.map((value) => (length > 0 ? value / length : 0));
};
export const squared = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0);
export const euclidean = (a: readonly number[], b: readonly number[]) => Math.sqrt(squared(a, b));
export const matrixOf = (rows: Batch["rows"], d: (a: readonly number[], b: readonly number[]) => number) =>
  rows.map((a) => rows.map((b) => d(a, b)));

/** A term that belongs to an anchor, and what it weighs. */
export interface Term {
  readonly anchor: number;
  readonly value: number;
  readonly weight?: number;
}

/** The four reductions, written out. */
export function folded(terms: readonly Term[], reduction: string): number {
  const weight = (some: readonly Term[]) => some.reduce((sum, term) => sum + (term.weight ?? 1), 0);
  const total = (some: readonly Term[]) => some.reduce((sum, term) => sum + (term.weight ?? 1) * term.value, 0);
  const over = (some: readonly Term[], among = some) => (among.length === 0 ? 0 : total(some) / weight(among));
  switch (reduction) {
    case "sum":
      return total(terms);
    case "mean-valid":
      return over(terms);
    case "mean-nonzero":
      return over(
        terms,
        terms.filter(({ value }) => value > 0),
      );
    default: {
      const anchors = [...new Set(terms.map(({ anchor }) => anchor))];
      const means = anchors.map((anchor) => over(terms.filter((term) => term.anchor === anchor)));
      return means.reduce((sum, mean) => sum + mean, 0) / Math.max(1, anchors.length);
    }
  }
}
export const REDUCTIONS = ["mean-valid", "mean-nonzero", "sum", "per-anchor"] as const;
