import { DataError, type Dataset, type NdArray, ndarray } from "@semblance/core";

/** Rows to learn from or to predict: plain numbers, an array [n, …item], or a data set. */
export type Rows = readonly (readonly number[])[] | NdArray | Dataset;

/** A matrix [n, n] that compares all pairs of rows: lists of numbers, or an array. */
export type Affinity = readonly (readonly number[])[] | NdArray;

/** Rows as one array, with what is known of them beside. */
export interface GivenRows {
  readonly array: NdArray;
  readonly dataset: Dataset | undefined;
}

/** @throws DataError ROWS_INVALID, ROWS_RAGGED, CELL_NOT_A_NUMBER */
export function givenRows(rows: Rows): GivenRows {
  if (Array.isArray(rows)) return { array: fromLists(rows), dataset: undefined };
  if (isDataset(rows)) return { array: rows.features, dataset: rows };
  if (isArray(rows)) return { array: rows, dataset: undefined };
  throw invalid(`rows are ${rows === null ? "null" : typeof rows}`);
}

/** @throws DataError AFFINITY_NOT_ARRAY, ROWS_RAGGED, CELL_NOT_A_NUMBER */
export function givenAffinity(affinity: Affinity): NdArray {
  if (isArray(affinity)) return affinity;
  if (Array.isArray(affinity) && affinity.length > 0 && Array.isArray(affinity[0])) return fromLists(affinity);
  throw new DataError("AFFINITY_NOT_ARRAY", "a matrix of comparisons is lists of numbers or an array", {
    where: "affinity",
    fix: "Pass a list of numbers for each row, or an array [n, n] made by ndarray.",
  });
}

function fromLists(rows: readonly (readonly number[])[]): NdArray {
  const width = rows[0]?.length ?? 0;
  if (width === 0) throw invalid(rows.length === 0 ? "there are no rows" : "the first row is empty");
  const data = new Float64Array(rows.length * width);
  rows.forEach((row, at) => {
    if (!Array.isArray(row) || row.length !== width) {
      throw new DataError("ROWS_RAGGED", `row ${at} has ${row?.length ?? "no"} numbers and row 0 has ${width}`, {
        where: `row ${at}`,
        fix: "Give every row the same columns.",
      });
    }
    row.forEach((value: unknown, column) => {
      if (typeof value !== "number") {
        throw new DataError("CELL_NOT_A_NUMBER", `row ${at}, column ${column} holds ${JSON.stringify(value)}`, {
          where: `row ${at}, column ${column}`,
          fix: "Turn texts into numbers first, or load a file with loadDataset of @semblance/data.",
        });
      }
      data[at * width + column] = value;
    });
  });
  return ndarray("float64", [rows.length, width], data);
}

const isDataset = (rows: unknown): rows is Dataset => typeof rows === "object" && rows !== null && "features" in rows;

const isArray = (rows: unknown): rows is NdArray =>
  typeof rows === "object" && rows !== null && "shape" in rows && "data" in rows && "dtype" in rows;

const invalid = (what: string) =>
  new DataError("ROWS_INVALID", what, {
    where: "data",
    fix: "Pass lists of numbers, an array [n, …item] made by ndarray, or a data set.",
  });
