import { type DataSplits, Key, rowsOf, sizeOf, takeRows } from "@semblance/core";
import { kMeans, predictClusters } from "@semblance/eval";
import { matrixOf } from "./score.js";

const RESTARTS = 10;
/** Rows × columns × clusters of one pass: about ten seconds of k-means on one core. */
const WORK = 2e7;
const FEWEST_PER_CLUSTER = 50;

/** What k-means makes of the same features. */
export interface Baseline {
  readonly predicted: Int32Array;
  /** The training rows that it saw. */
  readonly rows: number;
}

/**
 * k-means with the same number of clusters on the same features: 10 restarts from a fixed key, whatever the job's seed, so that it
 * is one number to compare with. Large data are represented by a fixed random part of their rows.
 */
export function baseline({ train, test }: DataSplits, clusters: number): Baseline {
  const rows = rowsOf(train);
  const width = sizeOf(train.features.shape.slice(1));
  const affordable = Math.max(clusters * FEWEST_PER_CLUSTER, Math.floor(WORK / (width * clusters)));
  const key = Key.fromSeed(0).fold("k-means");
  const seen =
    rows <= affordable
      ? train.features
      : takeRows(train.features, key.fold("rows").permutation(rows).subarray(0, affordable));
  const { centres } = kMeans({ data: matrixOf(seen), clusters, key, restarts: RESTARTS });
  return {
    predicted: predictClusters(matrixOf((test ?? train).features), centres),
    rows: Math.min(rows, affordable),
  };
}
