import { createCatalogue, evaluateLoss, Key, referenceBackend } from "@semblance/core";
import { metricPlugin } from "../src/metric-plugin.js";

export type Rows = readonly (readonly number[])[];

export const catalogue = createCatalogue([metricPlugin]);
const backend = referenceBackend();
const matrix = (rows: Rows) => ({ shape: [rows.length, rows[0]?.length ?? 0], data: rows.flat() });

export interface LabelledRows {
  readonly embeddings: Rows;
  readonly labels: readonly number[];
  readonly proxies?: Rows;
}

/** A loss of this package on embeddings with labels, and proxies where it owns some, in float64. */
export async function evaluate(
  loss: { readonly name: string; readonly [key: string]: unknown },
  { embeddings, labels, proxies }: LabelledRows,
) {
  return await evaluateLoss({
    catalogue,
    backend,
    loss,
    inputs: { embeddings: matrix(embeddings), labels: { shape: [labels.length], data: [...labels] } },
    ...(proxies && { parameters: { proxies: matrix(proxies) } }),
  });
}

export function drawRows(key: Key, rows: number, width: number): number[][] {
  const numbers = key.normal(rows * width);
  return Array.from({ length: rows }, (_, row) => [...numbers.subarray(row * width, (row + 1) * width)]);
}

export interface BatchSize {
  readonly seed: number;
  readonly n: number;
  readonly d: number;
  readonly classes: number;
}

/** Embeddings, labels and proxies, drawn. */
export function drawBatch({ seed, n, d, classes }: BatchSize): Required<LabelledRows> {
  const key = Key.fromSeed(seed);
  return {
    embeddings: drawRows(key.fold("embeddings"), n, d),
    labels: [...key.fold("labels").uniform(n, 0, classes)].map(Math.floor),
    proxies: drawRows(key.fold("proxies"), classes, d),
  };
}

export const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
export const unit = (a: readonly number[]) => a.map((x) => x / Math.max(Math.hypot(...a), 1e-12));
export const squaredDistance = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);
export const average = (terms: readonly number[]) => terms.reduce((sum, term) => sum + term, 0) / terms.length;
