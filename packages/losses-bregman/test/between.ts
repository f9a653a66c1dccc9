import { type ComponentReference, createCatalogue, evaluateDivergence, referenceBackend } from "@semblance/core";
import { bregmanPlugin } from "../src/bregman-plugin.js";
import { kernelsPlugin } from "./kernels.js";

export const catalogue = createCatalogue([bregmanPlugin, kernelsPlugin]);
const backend = referenceBackend();

export type Rows = readonly (readonly number[])[];
const matrix = (rows: Rows) => ({ shape: [rows.length, rows[0]!.length], data: rows.flat() });
const sets = (all: readonly Rows[]) => ({
  shape: [all.length, all[0]!.length, all[0]![0]!.length],
  data: all.flat(2),
});
const unflat = ({ shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> }) =>
  Array.from({ length: shape[0]! }, (_, i) => Array.from(data).slice(i * shape[1]!, (i + 1) * shape[1]!));

/** D(first, second) of all pairs of rows, in float64. */
export async function between(divergence: ComponentReference, first: Rows, second: Rows): Promise<number[][]> {
  const inputs = { first: matrix(first), second: matrix(second) };
  return unflat((await evaluateDivergence({ catalogue, backend, divergence, inputs })).matrix);
}

/** D of all pairs of sets of equal size, in float64. */
export async function betweenSets(
  divergence: ComponentReference,
  first: readonly Rows[],
  second: readonly Rows[],
): Promise<number[][]> {
  const inputs = { firstSet: sets(first), secondSet: sets(second) };
  return unflat((await evaluateDivergence({ catalogue, backend, divergence, inputs })).matrix);
}
