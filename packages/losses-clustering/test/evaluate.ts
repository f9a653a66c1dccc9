import { createCatalogue, evaluateLoss, Key, referenceBackend } from "@semblance/core";
import { clusteringPlugin } from "../src/clustering-plugin.js";

export type Rows = readonly (readonly number[])[];

const catalogue = createCatalogue([clusteringPlugin]);

/** A loss of this package on rows, in float64. */
export async function evaluate(
  loss: { readonly name: string; readonly [key: string]: unknown },
  inputs: Readonly<Record<string, Rows>>,
) {
  const arrays = Object.fromEntries(
    Object.entries(inputs).map(([name, rows]) => [name, { shape: [rows.length, rows[0]!.length], data: rows.flat() }]),
  );
  return await evaluateLoss({ catalogue, backend: referenceBackend(), loss, inputs: arrays });
}

/** Drawn logits [n, k], or the posteriors of them. */
export function drawLogits(seed: number, n: number, k: number): number[][] {
  const numbers = Key.fromSeed(seed).normal(n * k);
  return Array.from({ length: n }, (_, row) => [...numbers.subarray(row * k, (row + 1) * k)]);
}

export function softmaxRows(rows: Rows): number[][] {
  return rows.map((row) => {
    const weights = row.map(Math.exp);
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / total);
  });
}
