import type { WarningCode } from "./events.js";

/** Shares of the batch that clusters had on average over an epoch, as a running sum. */
export interface ShareSums {
  readonly sums: readonly number[];
  readonly count: number;
}

export interface EpochWarning {
  readonly code: WarningCode;
  readonly message: string;
}

/** A cluster with less than this share of its fair part 1/K is dead. */
const DEAD = 1e-3;
/** One cluster with more than this share of everything is a collapse. */
const COLLAPSED = 0.99;

/** What an epoch's mean posteriors say that a user should know: every row in one cluster, or clusters without rows. */
export function watchClusters({ sums, count }: ShareSums): EpochWarning | undefined {
  if (count === 0 || sums.length < 2) return undefined;
  const shares = sums.map((sum) => sum / count);
  if (Math.max(...shares) > COLLAPSED) {
    return {
      code: "COLLAPSED",
      message: `one cluster holds ${(100 * Math.max(...shares)).toFixed(1)} % of the data: the clustering has collapsed. Try a smaller learning rate, larger batches or another loss.`,
    };
  }
  const dead = shares.filter((share) => share < DEAD / shares.length).length;
  if (dead === 0) return undefined;
  return {
    code: "DEAD_CLUSTERS",
    message: `${dead} of ${shares.length} clusters hold no data. That is legal, and the number of clusters used may be the right one; fewer clusters, larger batches or a one-vs-one objective keep more of them.`,
  };
}
