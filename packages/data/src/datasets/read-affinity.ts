import type { PairTable } from "@semblance/core";
import { affinityNotArray } from "../errors/dataset-errors.js";
import { readTable } from "../tables/read-table.js";

/**
 * Reads a matrix that compares all pairs of rows, [N, N], from an array file (.npy, .npz) in whatever number type it holds. What the
 * numbers must be is for the loss to say, when a learner is made.
 *
 * Errors   AFFINITY_NOT_ARRAY, and those of the format's reader
 */
export async function readAffinity(path: string): Promise<PairTable> {
  const table = await readTable(path, {});
  if (table.kind !== "array") throw affinityNotArray(path);
  return { shape: table.shape, data: table.values };
}
