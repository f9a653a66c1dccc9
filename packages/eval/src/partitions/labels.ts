import type { MeasureInputs, NdArray } from "@semblance/core";
import { inputEmpty, inputMissing, labelNotInteger, lengthsDiffer } from "../errors.js";
import { posteriorRows } from "./posterior-rows.js";

/** Labels renamed to 0 … count − 1, in the order in which they first appear. */
export interface Groups {
  readonly indices: Int32Array;
  /** `names[g]` is the label that group g had. */
  readonly names: readonly number[];
}

/**
 * Renames arbitrary whole numbers (negative, far apart) to 0 … count − 1.
 *
 * @throws DataError LABEL_NOT_INTEGER on fractions, NaN and infinities.
 */
export function groupsOf(name: string, labels: ArrayLike<number>): Groups {
  const indices = new Int32Array(labels.length);
  const seen = new Map<number, number>();
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (!Number.isInteger(label)) throw labelNotInteger(name, row, label);
    let group = seen.get(label!);
    if (group === undefined) {
      group = seen.size;
      seen.set(label!, group);
    }
    indices[row] = group;
  }
  return { indices, names: [...seen.keys()] };
}

/** The column of the largest entry of every row; the first one on ties. */
export function argMaxRows(posteriors: NdArray): Int32Array {
  const { rows, columns, values } = posteriorRows(posteriors);
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let k = 1; k < columns; k++) {
      if (values[row * columns + k]! > values[row * columns + best]!) best = k;
    }
    return best;
  });
}

/** The hard clusters of a measure's inputs: `predicted`, or the arg max of `posteriors`. */
export function assignmentOf(measure: string, inputs: MeasureInputs): ArrayLike<number> {
  const labels = inputs.predicted ?? (inputs.posteriors === undefined ? undefined : argMaxRows(inputs.posteriors));
  if (labels === undefined) throw inputMissing(measure, "predicted (or posteriors)");
  if (labels.length === 0) throw inputEmpty("predicted");
  return labels;
}

/** The two partitions that a measure compares, neither of them empty. */
export function partitionsOf(measure: string, inputs: MeasureInputs): [ArrayLike<number>, ArrayLike<number>] {
  if (inputs.truth === undefined) throw inputMissing(measure, "truth");
  const predicted = assignmentOf(measure, inputs);
  if (inputs.truth.length !== predicted.length) {
    throw lengthsDiffer("truth", inputs.truth.length, "predicted", predicted.length);
  }
  return [inputs.truth, predicted];
}
