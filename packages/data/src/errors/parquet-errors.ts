import { DataError } from "@semblance/core";
import { listNames } from "../names/list-names.js";

/** Errors about Parquet files. */
export const parquetDamaged = (path: string, cause: unknown) =>
  new DataError("PARQUET_DAMAGED", `the Parquet file cannot be read: ${(cause as Error).message}`, {
    where: path,
    fix: "The file is damaged, cut short or encrypted; copy or write it again.",
    cause,
  });

export const parquetCompression = (path: string, column: string, codec: string, known: readonly string[]) =>
  new DataError("PARQUET_COMPRESSION", `column "${column}" is compressed by ${codec}, which is not read`, {
    where: path,
    fix: `Write the file again with ${listNames(known)}, or without compression.`,
  });

export const listsOfTwoLengths = (where: string, found: number, expected: number) =>
  new DataError("RAGGED_ROW", `the list has ${found} numbers where that of the first row has ${expected}`, {
    where,
    fix: "Give the lists of a column the same length in every row.",
  });

export const tooManyColumns = (path: string, count: number, limit: number) =>
  new DataError("PARQUET_COLUMNS", `the file spreads out to ${count} columns of numbers, more than ${limit}`, {
    where: path,
    fix: "Keep fewer columns, or shorter lists.",
  });
