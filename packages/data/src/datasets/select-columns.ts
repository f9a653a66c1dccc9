import { nearNames } from "@semblance/core";
import { columnTwice, columnUnknown, labelIsFeature, noFeatures } from "../errors/dataset-errors.js";
import { positionOf } from "../formats/csv-header.js";

/** Which columns are features. Columns are called by name, or by position counted from 0 (from the end when negative). */
export interface ColumnChoice {
  /** The only columns to take, in this order; all of them when left out. */
  readonly columns?: readonly (string | number)[];
  /** Columns to leave out. */
  readonly ignore?: readonly (string | number)[];
}

/**
 * The positions of the feature columns; the label column is never one.
 *
 * Errors   COLUMN_UNKNOWN, COLUMN_REPEATED, LABEL_IS_FEATURE, NO_FEATURES
 */
export function selectColumns(
  names: readonly string[],
  choice: ColumnChoice,
  labelIndex: number | undefined,
  where: string,
): number[] {
  const find = (name: string | number) => {
    const index = positionOf(String(name).trim(), names);
    if (index === undefined) throw columnUnknown(where, String(name), names, nearNames(String(name), names)[0]);
    return index;
  };
  const wanted = choice.columns?.map(find);
  wanted?.forEach((index, at) => {
    if (index === labelIndex) throw labelIsFeature(where, names[index]!);
    if (wanted.indexOf(index) !== at) throw columnTwice(where, names[index]!);
  });
  const left = new Set(choice.ignore?.map(find));
  const selected = (wanted ?? names.map((_, index) => index)).filter(
    (index) => index !== labelIndex && !left.has(index),
  );
  if (selected.length === 0) throw noFeatures(where);
  return selected;
}
