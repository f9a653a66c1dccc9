import { basename } from "node:path";
import type { DataSplits, Dataset, OtherPairs, Supervision } from "@semblance/core";
import { isSemblanceError, nearNames } from "@semblance/core";
import { builtins } from "../builtins/builtins.js";
import { idsUnknown, labelsUnknown } from "../errors/dataset-errors.js";
import { builtinUnknown, fileNotFound } from "../errors/file-errors.js";
import { noSuchColumns, supervisionTwice } from "../errors/supervision-errors.js";
import { readTable } from "../tables/read-table.js";
import type { ArrayTable, Table } from "../tables/table.js";
import { arrayFeatures } from "./array-features.js";
import { columnFeatures, looksLikeLabelName } from "./column-features.js";
import type { Features } from "./features.js";
import { findIds } from "./find-ids.js";
import { type HoldOut, holdOut } from "./hold-out.js";
import { columnNames, findLabels } from "./label-source.js";
import { findMultiLabels } from "./multi-labels.js";
import { type Fitted, type Preparation, type Prepared, prepare, type RawPart } from "./prepare.js";
import { readRowPairs } from "./read-row-pairs.js";
import { readRowTriplets } from "./read-row-triplets.js";
import { type ColumnChoice, selectColumns } from "./select-columns.js";

const BUILTIN = "builtin:";

/** Where it stands which rows belong together, instead of labels or beside them; one of the three. */
export interface SupervisionChoice {
  /** A file of pairs: see `readRowPairs`. */
  readonly pairs?: string;
  /** What two rows are taken for of which no pair says anything: `unknown`, or `different`, where nearly all are. */
  readonly otherPairs?: OtherPairs;
  /** A file of triplets: see `readRowTriplets`. */
  readonly triplets?: string;
  /** Columns of 0 and 1, each a class that a row may be of; they are then no features. */
  readonly multiLabels?: readonly (string | number)[];
}

export interface LoadOptions extends SupervisionChoice, ColumnChoice, Preparation {
  /** The labels: a column's name, its position counted from 0 (from the end when negative), an array of an archive, or a file with one label a row. */
  readonly labels?: string;
  /** Names of the rows, all different: a column (which is then no feature), its position, or a file with one a row. */
  readonly ids?: string;
  /** Whether a CSV or TSV file names its columns in the first row; found out from the content when left out. */
  readonly header?: boolean;
  /** A part that is kept for scoring. */
  readonly holdOut?: HoldOut;
}

/** A data set that is ready to learn from, and what its reader thought worth saying. */
export interface LoadedDataset {
  readonly splits: DataSplits;
  /** What is probably a mistake. */
  readonly warnings: readonly string[];
  /** What was decided on the way. */
  readonly notes: readonly string[];
  /** What to prepare other data by, for a model that is trained on these. */
  readonly fitted: Fitted;
}

/**
 * Loads `builtin:NAME` or a data file (see `formats`) as features [N, …item], finite float32, with labels where there are some.
 *
 * Errors   FILE_NOT_FOUND, FORMAT_UNSUPPORTED, BUILTIN_UNKNOWN, those of the format's reader, `findLabels`, `selectColumns`
 *          `prepare`, `readRowPairs`, `readRowTriplets`, `findMultiLabels` and `holdOut`; IDS_UNKNOWN, IDS_REPEATED, SUPERVISION_TWICE
 *
 * ```ts
 * const { splits } = await loadDataset("builtin:digits");
 * splits.train.features.shape // => [3823, 64]
 * ```
 */
export async function loadDataset(source: string, options: LoadOptions = {}): Promise<LoadedDataset> {
  if (source.startsWith(BUILTIN)) return await loadBuiltin(source, options);
  try {
    return await loadFile(source, options);
  } catch (error) {
    const name = basename(source);
    const meant = Object.hasOwn(builtins, name) && isSemblanceError(error) && error.code === "FILE_NOT_FOUND";
    throw meant ? fileNotFound(source, `${BUILTIN}${name}`) : error;
  }
}

async function loadFile(path: string, options: LoadOptions): Promise<LoadedDataset> {
  const { header, labels: requested, ids: named } = options;
  const table = await readTable(path, {
    ...(header === undefined ? {} : { header }),
    ...(requested === undefined ? {} : { labels: requested }),
    ...(named === undefined ? {} : { ids: named }),
  });
  const found = await findLabels(table, requested);
  const ids = named === undefined ? undefined : await findIds(table, named);
  const several = options.multiLabels && findMultiLabels(table, options.multiLabels.map(String));
  const left = [...(ids?.columnIndex === undefined ? [] : [ids.columnIndex]), ...(several?.columnIndices ?? [])];
  const features = featuresOf(table, withoutColumns(table, options, left), found?.columnIndex);
  const part: RawPart = {
    features,
    ...(found === undefined ? {} : { labels: found.labels }),
    ...(ids === undefined ? {} : { ids: ids.ids }),
  };
  const { prepared, notes } = await divided(part, undefined, options, several?.supervision);
  const hints = found === undefined && options.fitted === undefined ? unusedLabels(table, features) : [];
  const loaded = withReaderWords(prepared, table, hints);
  return { ...loaded, notes: [...loaded.notes, ...notes] };
}

/** Data with what is known of their rows, divided where a part is held out, and prepared. */
async function divided(
  train: RawPart,
  test: RawPart | undefined,
  options: LoadOptions,
  known: Supervision | undefined,
): Promise<{ readonly prepared: Prepared; readonly notes: readonly string[] }> {
  const { pairs, otherPairs, triplets, multiLabels } = options;
  const given = Object.entries({ pairs, triplets, multiLabels }).flatMap(([key, value]) => (value ? [key] : []));
  if (given.length > 1) throw supervisionTwice(given);
  const { features, ids } = train;
  const names = { name: features.name, features, ...(ids ? { ids } : {}) };
  const supervision =
    known ??
    (pairs === undefined ? undefined : await readRowPairs(pairs, names, otherPairs)) ??
    (triplets === undefined ? undefined : await readRowTriplets(triplets, names));
  const part = supervision ? { ...train, supervision } : train;
  if (!options.holdOut) return { prepared: prepare(part, test, options), notes: [] };
  const parts = holdOut(part, test, options.holdOut);
  return { prepared: prepare(parts.train, parts.test, options), notes: [parts.note] };
}

/** Columns of ids and of several labels are no features, unless columns are chosen by name. */
function withoutColumns(table: Table, choice: LoadOptions, indices: readonly number[]): ColumnChoice {
  if (indices.length === 0 || choice.columns) return choice;
  const names = columnNames(table);
  return { ...choice, ignore: [...(choice.ignore ?? []), ...indices.map((index) => names[index]!)] };
}

function featuresOf(table: Table, choice: ColumnChoice, labelIndex: number | undefined): Features {
  const names = columnNames(table);
  if (table.kind === "array") return arrayFeatures(table, names, choice, labelIndex);
  return columnFeatures(table, selectColumns(names, choice, labelIndex, table.name));
}

/** Labels that are learned from as a feature make every score look too good. */
function unusedLabels(table: Table, features: Features): string[] {
  const suspects = table.kind === "columns" ? (features.columns ?? []).filter(looksLikeLabelName) : [];
  return suspects.map((name) => `column "${name}" is used as a feature; if it holds the classes pass --labels ${name}`);
}

function withReaderWords(
  { splits, warnings, notes, fitted }: Prepared,
  table: Table,
  hints: readonly string[],
): LoadedDataset {
  const fromReader = table.kind === "columns" ? (table.warnings ?? []) : [];
  const readerNotes = table.kind === "array" ? (table.notes ?? []) : [];
  return { splits, warnings: [...fromReader, ...hints, ...warnings], notes: [...readerNotes, ...notes], fitted };
}

async function loadBuiltin(source: string, options: LoadOptions): Promise<LoadedDataset> {
  const name = source.slice(BUILTIN.length);
  const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  const known = Object.keys(builtins);
  if (builtin === undefined) throw builtinUnknown(name, known, nearNames(name, known)[0]);
  const { labels, ids } = options;
  if (ids !== undefined) throw idsUnknown(source, ids);
  if (labels !== undefined && labels !== "label")
    throw labelsUnknown(source, labels, ["label"], nearNames(labels, ["label"])[0]);
  if (options.multiLabels) throw noSuchColumns(source);
  const { train, test } = await builtin.load();
  const parts = [train, test].map((part) => part && partOf(part, options));
  const { prepared, notes } = await divided(parts[0]!, parts[1], options, undefined);
  return { ...prepared, notes: [...prepared.notes, ...notes] };
}

function partOf(data: Dataset, choice: ColumnChoice): RawPart {
  const table: ArrayTable = {
    kind: "array",
    name: data.name,
    shape: data.features.shape,
    values: data.features.data,
    ...(data.image === undefined ? {} : { image: data.image }),
  };
  const names = data.columns ?? columnNames(table);
  const features = arrayFeatures(table, names, choice, undefined);
  const whole = features.values === data.features.data;
  return {
    features: whole && data.columns !== undefined ? { ...features, columns: data.columns } : features,
    ...(data.labels === undefined ? {} : { labels: data.labels }),
    ...(data.source === undefined ? {} : { source: data.source }),
  };
}
