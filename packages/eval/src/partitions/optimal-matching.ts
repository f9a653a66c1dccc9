import { linearSumAssignment } from "linear-sum-assignment";
import { matchingTooLarge } from "../errors.js";
import type { Contingency } from "./contingency.js";

// The solver is cubic: 1,000 × 1,000 takes seconds, labels that are row numbers would take hours.
const MOST_STEPS = 2e9;

/**
 * The injective matching of clusters to classes that covers the most rows.
 *
 *     max_σ Σⱼ n_{σ(j) j}        σ injective, rectangular tables leave the surplus unmatched
 *
 * Returns, for every cluster, the class it is matched to, or −1.
 *
 * Source: Crouse, "On implementing 2D rectangular assignment algorithms", IEEE TAES 52 (2016): shortest augmenting paths.
 *
 * @throws DataError MATCHING_TOO_LARGE above about 1,200 classes and as many clusters.
 */
export function optimalMatching({ classSizes, clusterSizes, cells }: Contingency): Int32Array {
  const classes = classSizes.length;
  const clusters = clusterSizes.length;
  const steps = Math.min(classes, clusters) ** 2 * Math.max(classes, clusters);
  if (steps > MOST_STEPS) throw matchingTooLarge(classes, clusters);
  const gain = Array.from({ length: clusters }, () => new Float64Array(classes));
  for (const { classIndex, cluster, count } of cells) gain[cluster]![classIndex] = count;
  const { rowAssignments } = linearSumAssignment(gain, { maximaze: true });
  return Int32Array.from(rowAssignments);
}

/** The number of rows that a matching covers. */
export function matchedRows({ cells }: Contingency, matching: Int32Array): number {
  let covered = 0;
  for (const { classIndex, cluster, count } of cells) if (matching[cluster] === classIndex) covered += count;
  return covered;
}
