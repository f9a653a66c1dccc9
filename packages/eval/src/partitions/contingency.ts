import { lengthsDiffer } from "../errors.js";
import { groupsOf } from "./labels.js";

/**
 * How two partitions of the same n rows overlap: n_ij rows are of class i and in cluster j.
 *
 * Only occupied cells are kept. A dense table of two partitions into singletons would hold n² cells.
 */
export interface Contingency {
  readonly rows: number;
  /** a_i, the size of class i. */
  readonly classSizes: Float64Array;
  /** b_j, the size of cluster j. */
  readonly clusterSizes: Float64Array;
  readonly cells: readonly { readonly classIndex: number; readonly cluster: number; readonly count: number }[];
  /** The labels as they were given. */
  readonly classNames: readonly number[];
  readonly clusterNames: readonly number[];
}

/**
 * The contingency table of two label arrays of the same length.
 *
 * @throws DataError LENGTHS_DIFFER, LABEL_NOT_INTEGER
 */
export function contingency(truth: ArrayLike<number>, predicted: ArrayLike<number>): Contingency {
  if (truth.length !== predicted.length) {
    throw lengthsDiffer("truth", truth.length, "predicted", predicted.length);
  }
  const classes = groupsOf("truth", truth);
  const clusters = groupsOf("predicted", predicted);
  const width = clusters.names.length;
  const classSizes = new Float64Array(classes.names.length);
  const clusterSizes = new Float64Array(width);
  const counts = new Map<number, number>();
  for (let row = 0; row < truth.length; row++) {
    const i = classes.indices[row]!;
    const j = clusters.indices[row]!;
    classSizes[i]!++;
    clusterSizes[j]!++;
    const cell = i * width + j;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const cells = [...counts].map(([cell, count]) => ({
    classIndex: Math.floor(cell / width),
    cluster: cell % width,
    count,
  }));
  return {
    rows: truth.length,
    classSizes,
    clusterSizes,
    cells,
    classNames: classes.names,
    clusterNames: clusters.names,
  };
}

/** Whether the two partitions are the same one under other names. */
export function isRelabelling({ cells, classSizes, clusterSizes }: Contingency): boolean {
  return cells.length === classSizes.length && cells.length === clusterSizes.length;
}
