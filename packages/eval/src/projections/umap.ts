import type { Key, NdArray } from "@semblance/core";
import { rowsAsLists } from "./rows-as-lists.js";

/** Each row looks at this many neighbours, itself included. */
const NEIGHBOURS = 15;

/**
 * Uniform manifold approximation and projection of rows [n, d] to the plane, by umap-js.
 *
 * Source   McInnes, Healy, Melville, "UMAP", arXiv:1802.03426 (2018)
 */
export async function umap(data: NdArray, key: Key): Promise<number[][]> {
  // Loaded when it is asked for: most who measure draw nothing.
  const { UMAP } = await import("umap-js");
  const stream = key.stream();
  const rows = rowsAsLists(data);
  const nNeighbors = Math.min(NEIGHBOURS, rows.length - 1);
  return new UMAP({ nComponents: 2, nNeighbors, random: () => stream.uniform() }).fit(rows);
}
