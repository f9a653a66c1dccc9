import type { Contingency } from "./contingency.js";

/** H(y), H(p) and I(y; p) of two partitions, in nats. */
export interface PartitionInformation {
  readonly classEntropy: number;
  readonly clusterEntropy: number;
  readonly mutual: number;
}

const entropyOfSizes = (sizes: Float64Array, rows: number) => {
  let entropy = 0;
  for (const size of sizes) entropy -= (size / rows) * Math.log(size / rows);
  // −0 for a single group would print as "-0".
  return Math.max(entropy, 0);
};

/**
 * Entropies and mutual information of a contingency table.
 *
 *     H(y) = −Σᵢ (aᵢ/n) log(aᵢ/n)        I(y; p) = Σᵢⱼ (nᵢⱼ/n) log(n nᵢⱼ / (aᵢ bⱼ))
 */
export function partitionInformation(table: Contingency): PartitionInformation {
  const { rows, classSizes, clusterSizes, cells } = table;
  const classEntropy = entropyOfSizes(classSizes, rows);
  const clusterEntropy = entropyOfSizes(clusterSizes, rows);
  let mutual = 0;
  for (const { classIndex, cluster, count } of cells) {
    mutual += (count / rows) * Math.log((rows * count) / (classSizes[classIndex]! * clusterSizes[cluster]!));
  }
  // 0 ≤ I ≤ min H holds for the exact numbers; rounding must not turn a score into −1e-17 or 1 + 1e-16.
  mutual = Math.min(Math.max(mutual, 0), classEntropy, clusterEntropy);
  return { classEntropy, clusterEntropy, mutual };
}
