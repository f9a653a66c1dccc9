import { ConfigError, DataError } from "@semblance/core";
import { listNames } from "../names/list-names.js";

/** Errors about content: cells, columns, labels, and data that nothing can be learned from. */
export type CellFault = "empty" | "not-a-number" | "infinite" | "too-large" | "text";

const CELL: Readonly<Record<CellFault, readonly [code: string, what: (cell: string) => string]>> = {
  empty: ["CELL_EMPTY", () => "the cell is empty"],
  "not-a-number": ["CELL_NOT_A_NUMBER", (cell) => `the cell says ${cell}, which stands for a missing number`],
  infinite: ["CELL_INFINITE", (cell) => `the cell says ${cell}, which is infinite`],
  "too-large": ["VALUE_TOO_LARGE", (cell) => `${cell} is too large for a float32 (at most 3.4e38)`],
  text: ["CELL_TEXT", (cell) => `${JSON.stringify(cell.slice(0, 60))} is not a plain decimal number`],
};

export const cellUnusable = (fault: CellFault, cell: string, where: string, fix?: string) => {
  const [code, what] = CELL[fault];
  return new DataError(code, what(cell), { where, fix: fix ?? "Correct the value, or leave out its row or column." });
};

const leaveOut = (column: string) =>
  `data.ignore: [${column}] in a job, --set "data.ignore=[${column}]" on the command line`;

/** `example` is the first cell of the column that is no number. */
export const textColumn = (column: string, example: string, where: string, looksLikeLabels: boolean) =>
  new DataError("COLUMN_TEXT", `column "${column}" holds text (${JSON.stringify(example.slice(0, 60))}), not numbers`, {
    where,
    fix: looksLikeLabels
      ? `If it holds the classes pass it as the labels (--labels ${column}); otherwise leave it out (${leaveOut(column)}).`
      : `Leave it out (${leaveOut(column)}), or turn it into numbers.`,
  });

export const columnUnknown = (where: string, name: string, known: readonly string[], near: string | undefined) =>
  new DataError("COLUMN_UNKNOWN", `there is no column "${name}"`, {
    where,
    fix:
      near === undefined ? `The columns are ${listNames(known)}; positions count from 0.` : `Did you mean "${near}"?`,
  });

export const columnTwice = (where: string, name: string) =>
  new DataError("COLUMN_REPEATED", `column "${name}" is asked for twice`, { where, fix: "Name every column once." });

export const labelIsFeature = (where: string, name: string) =>
  new DataError("LABEL_IS_FEATURE", `column "${name}" is asked for both as a feature and as the labels`, {
    where,
    fix: "Take it out of `columns`, or choose other labels.",
  });

export const columnsNotSelectable = (where: string, rank: number) =>
  new DataError("COLUMNS_NOT_SELECTABLE", `an array with ${rank} axes has no columns to pick or leave out`, {
    where,
    fix: "Drop `columns` and `ignore`, or store the data as rows and columns.",
  });

export const noFeatures = (where: string) =>
  new DataError("NO_FEATURES", "no feature column is left", { where, fix: "Leave at least one column of numbers in." });

export const tooFewRows = (where: string, rows: number, needed = 2) =>
  new DataError(
    "TOO_FEW_ROWS",
    `there ${rows === 1 ? "is 1 row" : `are ${rows} rows`}, and at least ${needed} ${needed === 1 ? "is" : "are"} needed`,
    {
      where,
      fix: "Pass more rows.",
    },
  );

/** Data for a model that was trained on rows of another width. */
export const widthDiffers = (where: string, width: number, trained: number) =>
  new DataError("WIDTH_DIFFERS", `a row has ${width} features, and the model was trained on ${trained}`, {
    where,
    fix: "Pass the columns that the model was trained on, and name the column of labels where there is one.",
  });

export const allConstant = (where: string) =>
  new DataError("ALL_CONSTANT", "every row is the same, so there is nothing to learn", {
    where,
    fix: "Check that the right columns were picked; values that agree in their first 7 digits need `standardise: true`.",
  });

export const labelsUnknown = (where: string, name: string, known: readonly string[], near: string | undefined) =>
  new DataError("LABELS_UNKNOWN", `the labels "${name}" are neither a column nor a file`, {
    where,
    fix:
      near !== undefined
        ? `Did you mean "${near}"?`
        : known.length > 0
          ? `Name a column (${listNames(known)}), its position counted from 0, or a file with one label a row.`
          : "Name a file with one label a row.",
  });

export const labelCountWrong = (where: string, labels: number, rows: number) =>
  new DataError("LABELS_LENGTH", `there are ${labels} labels for ${rows} rows`, {
    where,
    fix: "Pass exactly one label a row, in the order of the rows.",
  });

export const labelEmpty = (where: string) =>
  new DataError("LABEL_EMPTY", "the label is empty", { where, fix: "Give every row a label, or drop the row." });

export const labelNotFinite = (where: string, value: number) =>
  new DataError("LABEL_NOT_FINITE", `the label is ${value}`, {
    where,
    fix: "Give every row a label, or drop the row.",
  });

export const labelsNotOneColumn = (where: string, found: string) =>
  new DataError("LABELS_SHAPE", `a file of labels has one label a row, and this one holds ${found}`, {
    where,
    fix: "Pass a file with a single column, with classes as names or numbers (not one-hot).",
  });

export const offsetInvalid = (offset: unknown) =>
  new ConfigError("OFFSET_INVALID", `offset is ${String(offset)}, and it is subtracted from every feature`, {
    where: "offset",
    fix: "Pass a finite number, such as 127.5 for 8-bit images.",
  });

export const scaleInvalid = (scale: unknown) =>
  new ConfigError("SCALE_INVALID", `scale is ${String(scale)}, and features are divided by it`, {
    where: "scale",
    fix: "Pass a positive finite number, such as 255 for 8-bit images.",
  });

export const idsUnknown = (where: string, name: string, fix?: string) =>
  new DataError("IDS_UNKNOWN", `the ids "${name}" are neither a column nor a file`, {
    where,
    fix: fix ?? "Leave ids out: rows of built-in data are known by their numbers from 0.",
  });

export const idsRepeated = (where: string, name: string, id: string) =>
  new DataError("IDS_REPEATED", `the ids "${name}" hold "${id}" twice`, {
    where,
    fix: "Give every row an id of its own, or leave ids out and name rows by their numbers from 0.",
  });

export const affinityNotArray = (where: string) =>
  new DataError("AFFINITY_NOT_ARRAY", "a matrix of comparisons is read from an array file, and this is a table", {
    where,
    fix: "Write it as .npy, for instance with numpy.save.",
  });
