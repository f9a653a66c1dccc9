import { inputEmpty } from "../errors.js";
import { contingency } from "./contingency.js";
import { optimalMatching } from "./optimal-matching.js";

/** Classes against clusters, arranged so that matched pairs lie on the diagonal. */
export interface ConfusionMatrix {
  /** The class labels, ascending: the rows of `counts`. */
  readonly classes: readonly number[];
  /** The cluster labels, the one matched to the first class first, clusters without a class last: the columns of `counts`. */
  readonly clusters: readonly number[];
  /** `counts[i][j]`: rows of class `classes[i]` in cluster `clusters[j]`. */
  readonly counts: readonly (readonly number[])[];
  /** For each entry of `clusters`, the class it is matched to; undefined for a cluster left over. */
  readonly matchedClass: readonly (number | undefined)[];
}

/**
 * The table of classes and clusters of two label arrays, its columns in the order of the optimal matching.
 *
 * @throws DataError LENGTHS_DIFFER, LABEL_NOT_INTEGER, INPUT_EMPTY, MATCHING_TOO_LARGE
 */
export function confusionMatrix(truth: ArrayLike<number>, predicted: ArrayLike<number>): ConfusionMatrix {
  const table = contingency(truth, predicted);
  if (table.rows === 0) throw inputEmpty("truth");
  const matching = optimalMatching(table);
  const classOrder = ascending(table.classNames);
  const classRank = new Map(classOrder.map((classIndex, rank) => [classIndex, rank]));
  const rankOf = (cluster: number) => classRank.get(matching[cluster]!) ?? Number.POSITIVE_INFINITY;
  // Left-over clusters compare equal by rank (∞ − ∞ is NaN, hence the explicit test) and keep the order of their names.
  const clusterOrder = ascending(table.clusterNames).sort((a, b) =>
    rankOf(a) === rankOf(b) ? 0 : rankOf(a) - rankOf(b),
  );
  const column = new Map(clusterOrder.map((cluster, rank) => [cluster, rank]));
  const counts = classOrder.map(() => clusterOrder.map(() => 0));
  for (const { classIndex, cluster, count } of table.cells) {
    counts[classRank.get(classIndex)!]![column.get(cluster)!] = count;
  }
  return {
    classes: classOrder.map((index) => table.classNames[index]!),
    clusters: clusterOrder.map((index) => table.clusterNames[index]!),
    counts,
    matchedClass: clusterOrder.map((cluster) => table.classNames[matching[cluster]!]),
  };
}

const ascending = (names: readonly number[]) => names.map((_, index) => index).sort((a, b) => names[a]! - names[b]!);
