import { allocate, type DType } from "../../arrays/dtype.js";
import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import type { Backend } from "../../contracts/backend.js";
import type { Dataset } from "../../contracts/dataset.js";
import type { ComparingLearner } from "./comparison.js";
import { type PreparedAffinity, prepareAffinity } from "./prepare-affinity.js";

export interface SelectedAffinityOptions {
  readonly learner: ComparingLearner;
  readonly backend: Backend;
  readonly data: Dataset;
}

/**
 * What a loss compares rows by, where only some of their features count: always the matrix of all rows, since a batch that compares its
 * rows by itself would do so by all features.
 *
 * @throws DataError, with the codes of `prepareAffinity`
 */
export async function selectedAffinity(
  { learner, backend, data }: SelectedAffinityOptions,
  features: readonly number[],
): Promise<PreparedAffinity | undefined> {
  const selected = { ...data, features: takeColumns(data.features, features) };
  return await prepareAffinity({ learner, backend, data: selected, timesEachPair: 1, wholeMatrix: true });
}

/** Features [n, s] of rows [n, …], their items flattened. */
function takeColumns<D extends DType>(array: NdArray<D>, columns: readonly number[]): NdArray<D> {
  const { dtype, data } = array;
  const rows = array.shape[0] ?? 0;
  const [from, to] = [data.length / rows, columns.length];
  const taken = allocate(dtype, rows * to);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < to; k++) taken[row * to + k] = data[row * from + columns[k]!]!;
  }
  return ndarray(dtype, [rows, to], taken);
}
