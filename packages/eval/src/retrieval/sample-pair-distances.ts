import { Key, type NdArray, takeRows } from "@semblance/core";
import { settingInvalid } from "../errors.js";
import type { PairDistances } from "../statistics/pair-distances.js";
import { nearestRows, type RowSearchOptions } from "./nearest-rows.js";
import { labelsOf } from "./retrieval-problem.js";

export interface SamplePairDistancesOptions extends RowSearchOptions {
  /** [n, d] */
  readonly embeddings: NdArray;
  readonly labels: ArrayLike<number>;
  /** Rows that are drawn, whose ordered pairs are all compared; 500 by default. */
  readonly rows?: number;
  readonly key?: Key;
}

/**
 * The divergences of all ordered pairs of some rows, parted by whether both are of one class: what histograms of them show.
 *
 * Errors   SETTING_INVALID, LENGTHS_DIFFER, LABEL_NOT_INTEGER; those of `nearestRows`
 */
export async function samplePairDistances(options: SamplePairDistancesOptions): Promise<PairDistances> {
  const { embeddings, labels, rows = 500, key = Key.fromSeed(0), ...search } = options;
  const count = embeddings.shape[0] ?? 0;
  labelsOf("labels", labels, count, "embeddings");
  if (!Number.isInteger(rows) || rows < 2) throw settingInvalid("rows", "a whole number of at least 2", rows);
  const drawn = key.permutation(count).slice(0, rows).sort();
  const { indices, distances } = await nearestRows({
    ...search,
    queries: takeRows(embeddings, drawn),
    k: drawn.length - 1,
  });
  const parted = { same: [] as number[], different: [] as number[] };
  indices.data.forEach((other, at) => {
    const query = Math.floor(at / (drawn.length - 1));
    parted[labels[drawn[query]!] === labels[drawn[other]!] ? "same" : "different"].push(distances.data[at]!);
  });
  return parted;
}
