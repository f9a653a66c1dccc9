import { basename } from "node:path";
import type { DataSplits, Dataset } from "@semblance/core";
import { isSemblanceError, nearNames } from "@semblance/core";
import { builtins } from "../builtins/builtins.js";
import { idsUnknown, labelsUnknown } from "../errors/dataset-errors.js";
import { builtinUnknown, fileNotFound } from "../errors/file-errors.js";
import { readTable } from "../tables/read-table.js";
import type { ArrayTable, Table } from "../tables/table.js";
import { arrayFeatures } from "./array-features.js";
import { columnFeatures, looksLikeLabelName } from "./column-features.js";
import type { Features } from "./features.js";
import { findIds } from "./find-ids.js";
import { columnNames, findLabels } from "./label-source.js";
import { type Fitted, type Preparation, type Prepared, prepare, type RawPart } from "./prepare.js";
import { type ColumnChoice, selectColumns } from "./select-columns.js";

const BUILTIN = "builtin:";

export interface LoadOptions extends ColumnChoice, Preparation {
  /** The labels: a column's name, its position counted from 0 (from the end when negative), an array of an archive, or a file with one label a row. */
  readonly labels?: string;
  /** Names of the rows, all different: a column (which is then no feature), its position, or a file with one a row. */
  readonly ids?: string;
  /** Whether a CSV or TSV file names its columns in the first row; found out from the content when left out. */
  readonly header?: boolean;
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
 *          and `prepare`; IDS_UNKNOWN, IDS_REPEATED
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
  const features = featuresOf(table, withoutIds(table, options, ids?.columnIndex), found?.columnIndex);
  const prepared = prepare({ features, ...(found === undefined ? {} : { labels: found.labels }) }, undefined, options);
  const hints = found === undefined && options.fitted === undefined ? unusedLabels(table, features) : [];
  const loaded = withReaderWords(prepared, table, hints);
  if (!ids) return loaded;
  return { ...loaded, splits: { ...loaded.splits, train: { ...loaded.splits.train, ids: ids.ids } } };
}

/** The column of ids is no feature, unless columns are chosen by name. */
function withoutIds(table: Table, choice: LoadOptions, index: number | undefined): ColumnChoice {
  if (index === undefined || choice.columns) return choice;
  return { ...choice, ignore: [...(choice.ignore ?? []), columnNames(table)[index]!] };
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
  const { train, test } = await builtin.load();
  return prepare(partOf(train, options), test === undefined ? undefined : partOf(test, options), options);
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
