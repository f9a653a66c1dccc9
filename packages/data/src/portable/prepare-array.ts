import type { Dataset, Labels, NdArray } from "@semblance/core";
import { commonStandardiser } from "../datasets/common-standardiser.js";
import type { Features } from "../datasets/features.js";
import { type Fitted, type Prepared, prepare } from "../datasets/prepare.js";
import { unitsDiffer } from "../datasets/units-differ.js";

/** How rows in memory become a data set. */
export interface ArrayPreparation {
  /** What messages call the rows. */
  readonly name: string;
  readonly labels?: Labels;
  /**
   * `true` gives every column mean 0 and deviation 1, `"common"` centres every column and divides all of them by one number, and
   * `"auto"` is the first where the columns have different units and the second where they do not. Not by default.
   */
  readonly standardise?: boolean | "common" | "auto";
  /** Subtract this number from every feature first, then divide by `scale`. */
  readonly offset?: number;
  readonly scale?: number;
  /** Repeat what was measured on the data that a model was trained on, instead of measuring these. */
  readonly fitted?: Fitted;
}

export interface PreparedArray {
  readonly data: Dataset;
  readonly fitted: Fitted;
  readonly warnings: readonly string[];
}

/**
 * Rows in memory [n, …item] as a data set, checked and prepared as `loadDataset` prepares those of a file: the same numbers give the same
 * bytes.
 *
 * @throws DataError for cells that are not finite or leave float32, for fewer than two rows and columns that are all constant, and for
 * another width than `fitted` says
 */
export function prepareArray(array: NdArray, options: ArrayPreparation): PreparedArray {
  const { name, labels, standardise = false, offset, scale, fitted } = options;
  const { shape, data: values } = array;
  const features: Features = {
    name,
    shape: shape.length === 1 ? [shape[0]!, 1] : shape,
    values,
    whereIs: (row, column) => `${name}, row ${row}, column ${column}`,
  };
  const part = { features, ...(labels ? { labels } : {}) };
  const change = { ...(offset === undefined ? {} : { offset }), ...(scale === undefined ? {} : { scale }) };
  const made = ({ splits, fitted, warnings }: Prepared) => ({ data: splits.train, fitted, warnings });
  if (fitted) return made(prepare(part, undefined, { ...change, fitted }));
  if (standardise === false) return made(prepare(part, undefined, change));
  const each = prepare(part, undefined, { ...change, standardise: true });
  const standardiser = each.fitted.standardiser!;
  if (standardise === true || (standardise === "auto" && unitsDiffer(standardiser))) return made(each);
  // Prepared anew rather than rescaled: rows to predict later take the same way, so that they are rounded alike.
  const common = { ...each.fitted, standardiser: commonStandardiser(standardiser) };
  return made({ ...prepare(part, undefined, { ...change, fitted: common }), warnings: each.warnings });
}
