import type { DataSplits, Dataset, Labels, Supervision } from "@semblance/core";
import {
  allConstant,
  cellUnusable,
  offsetInvalid,
  scaleInvalid,
  tooFewRows,
  widthDiffers,
} from "../errors/dataset-errors.js";
import {
  type ColumnStatistics,
  columnStatistics,
  type Standardiser,
  standardise,
  standardiser,
} from "./column-statistics.js";
import type { Features } from "./features.js";

/** How features are changed before they are rounded to float32. */
export interface Preparation {
  /** Subtract this number from every feature first, such as 127.5 for 8-bit images that shall reach from −1 to 1; 0 by default. */
  readonly offset?: number;
  /** Divide every feature by this number, such as 255 for 8-bit images. */
  readonly scale?: number;
  /** Give every column mean 0 and standard deviation 1, measured on the training part. */
  readonly standardise?: boolean;
  /** Repeat what was measured on the data that a model was trained on, instead of measuring these data, which may then be one row. */
  readonly fitted?: Fitted;
}

/** What was measured on training data and must be applied to whatever their model is asked about. */
export interface Fitted {
  /** The number of features of a row. */
  readonly width: number;
  /** Present where the data were standardised. */
  readonly standardiser?: Standardiser;
}

/** One part of the data before it is checked. */
export interface RawPart {
  readonly features: Features;
  readonly labels?: Labels;
  readonly supervision?: Supervision;
  readonly ids?: readonly string[];
  readonly source?: string;
}

export interface Prepared {
  readonly splits: DataSplits;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly fitted: Fitted;
}

const FLOAT32_MAX = 3.4028234663852886e38;
const NAMED_AT_MOST = 5;

/** x → (x − offset) / scale. */
interface Linear {
  readonly offset: number;
  readonly scale: number;
}

const apply = ({ offset, scale }: Linear, value: number) => (value - offset) / scale;

/**
 * Checks, scales and standardises.
 *
 *     scaled        (x − offset) / scale
 *     standardised  (x − mean) / std        mean, std of the training part by column; a constant column becomes 0
 *
 * With `fitted`, mean and std are those that it holds.
 *
 * Errors   TOO_FEW_ROWS, ALL_CONSTANT, WIDTH_DIFFERS, CELL_NOT_A_NUMBER, CELL_INFINITE, VALUE_TOO_LARGE, SCALE_INVALID, OFFSET_INVALID
 */
export function prepare(train: RawPart, test: RawPart | undefined, options: Preparation): Prepared {
  const { offset = 0, scale = 1, standardise: standardised = false } = options;
  if (!(Number.isFinite(scale) && scale > 0)) throw scaleInvalid(scale);
  if (!Number.isFinite(offset)) throw offsetInvalid(offset);
  const linear = { offset, scale };
  const { features } = train;
  if (options.fitted !== undefined) return prepareAlike(train, test, linear, options.fitted);
  if (features.shape[0]! < 2) throw tooFewRows(features.name, features.shape[0]!);
  for (const part of test === undefined ? [train] : [train, test]) refuseUnusable(part.features, linear);
  const statistics = columnStatistics(features);
  const constant = constantColumns(statistics, linear, standardised);
  if (constant.length === statistics.width) throw allConstant(features.name);
  // Standardising undoes any scale, so the unscaled numbers serve and are rounded once less.
  const change = standardised ? standardiser(features, statistics) : undefined;
  const warnings: string[] = [];
  const notes: string[] = [];
  if (constant.length > 0) {
    // The corners of pictures are always empty; a constant column of a table is more likely a mistake.
    const told = features.shape.length > 2 || features.image !== undefined ? notes : warnings;
    told.push(describeConstant(features, constant, statistics.width, standardised));
  }
  if (standardised) notes.push("standardised every column to mean 0 and standard deviation 1 of the training part");
  if (train.labels !== undefined && train.labels.names.length === features.shape[0]) {
    warnings.push("every row has a label of its own, so the labels look like identifiers rather than classes");
  }
  const finish = (part: RawPart) => toDataset(part, linear, change);
  const splits = test === undefined ? { train: finish(train) } : { train: finish(train), test: finish(test) };
  const fitted = { width: statistics.width, ...(change === undefined ? {} : { standardiser: change }) };
  return { splits, warnings, notes, fitted };
}

/** Prepares rows as the training data were prepared. Nothing is learned from them, so that one row, or equal rows, will do. */
function prepareAlike(train: RawPart, test: RawPart | undefined, linear: Linear, fitted: Fitted): Prepared {
  for (const { features } of test === undefined ? [train] : [train, test]) {
    if (features.shape[0]! < 1) throw tooFewRows(features.name, 0, 1);
    const width = features.values.length / features.shape[0]!;
    if (width !== fitted.width) throw widthDiffers(features.name, width, fitted.width);
    refuseUnusable(features, linear);
  }
  const finish = (part: RawPart) => toDataset(part, linear, fitted.standardiser);
  const splits = test === undefined ? { train: finish(train) } : { train: finish(train), test: finish(test) };
  return { splits, warnings: [], notes: [], fitted };
}

function refuseUnusable({ shape, values, whereIs }: Features, { offset, scale }: Linear): void {
  const width = values.length / shape[0]!;
  // `!(… <= max)` is true for NaN as well.
  const limit = FLOAT32_MAX * Math.min(1, scale) - Math.abs(offset);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Math.abs(value) <= limit) continue;
    const fault = Number.isNaN(value) ? "not-a-number" : Number.isFinite(value) ? "too-large" : "infinite";
    throw cellUnusable(fault, String(value), whereIs(Math.floor(i / width), i % width));
  }
}

/** Without standardising, values that float32 cannot tell apart are the same value to whoever learns from them. */
function constantColumns(
  { width, minimum, maximum }: ColumnStatistics,
  linear: Linear,
  standardised: boolean,
): number[] {
  const seen = standardised ? (value: number) => value : (value: number) => Math.fround(apply(linear, value));
  const columns = Array.from({ length: width }, (_, column) => column);
  return columns.filter((column) => seen(minimum[column]!) === seen(maximum[column]!));
}

function describeConstant(
  features: Features,
  constant: readonly number[],
  width: number,
  standardised: boolean,
): string {
  const names = constant.slice(0, NAMED_AT_MOST).map((index) => features.columns?.[index] ?? String(index));
  const left = constant.length - names.length;
  const which = left > 0 ? `${names.join(", ")} and ${left} more` : names.join(", ");
  const [columns, say] = constant.length === 1 ? ["column", "says"] : ["columns", "say"];
  const outcome = standardised ? `${constant.length === 1 ? "becomes" : "become"} 0` : `${say} nothing about the rows`;
  return `${constant.length} of ${width} columns ${constant.length === 1 ? "is" : "are"} constant (${columns} ${which}) and ${outcome}`;
}

function toDataset(part: RawPart, linear: Linear, change: Standardiser | undefined): Dataset {
  const { features, labels, supervision, ids, source } = part;
  const { name, shape, values, columns, image } = features;
  const width = values.length / shape[0]!;
  const data = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    for (let column = 0; column < width; column++) {
      const value = values[start + column]!;
      const changed = change === undefined ? apply(linear, value) : standardise(change, column, value);
      // A test row may lie further from the training rows than float32 reaches.
      if (Math.abs(changed) > FLOAT32_MAX) {
        throw cellUnusable("too-large", String(changed), features.whereIs(start / width, column));
      }
      data[start + column] = changed;
    }
  }
  return {
    name,
    features: { dtype: "float32", shape: [...shape], data },
    ...(labels === undefined ? {} : { labels }),
    ...(supervision === undefined ? {} : { supervision }),
    ...(ids === undefined ? {} : { ids }),
    ...(columns === undefined ? {} : { columns }),
    // Standardised or shifted pixels are not a share of full ink, so they cannot be drawn.
    ...(image === undefined || change !== undefined || linear.offset !== 0
      ? {}
      : { image: { ...image, ink: image.ink / linear.scale } }),
    ...(source === undefined ? {} : { source }),
  };
}
