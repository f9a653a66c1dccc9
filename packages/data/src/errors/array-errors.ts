import { DataError } from "@semblance/core";
import { listNames } from "../names/list-names.js";

/** Errors about array files: NPY, NPZ and IDX. `where` is the file, and the array inside it where there are several. */
export const magicWrong = (where: string, format: string) =>
  new DataError("MAGIC_WRONG", `this is not ${format} file: its first bytes are others`, {
    where,
    fix: "Give the file the extension of its real format.",
  });

export const headerBroken = (where: string, format: string, reason: string) =>
  new DataError("HEADER_BROKEN", `the header of the ${format} array cannot be understood: ${reason}`, {
    where,
    fix: "Write the file again with numpy.save, or copy it again.",
  });

/** `expected` may exceed what a number can hold; it is only printed. */
export const sizeWrong = (where: string, expected: number, found: number) =>
  new DataError(
    found < expected ? "FILE_TRUNCATED" : "FILE_TOO_LONG",
    `the header promises ${expected} bytes of values, and ${found} follow`,
    { where, fix: "The file is damaged or not what its name says; copy or write it again." },
  );

export const dtypeUnsupported = (where: string, dtype: string) =>
  new DataError("DTYPE_UNSUPPORTED", `the element type ${dtype} is not a number type that can be read`, {
    where,
    fix: "Convert the array first, for instance with array.astype(numpy.float32).",
  });

export const integerTooLarge = (where: string, value: bigint) =>
  new DataError("INTEGER_TOO_LARGE", `the whole number ${value} is beyond 2^53 and would be rounded`, {
    where,
    fix: "Store the values as float64, or renumber the classes from 0.",
  });

export const scalarArray = (where: string) =>
  new DataError("RANK_UNSUPPORTED", "the array is a single number, not rows", {
    where,
    fix: "Store an array whose first axis counts the rows.",
  });

export const noRows = (where: string) =>
  new DataError("NO_ROWS", "there are no rows", { where, fix: "Pass a file with at least two rows of data." });

export const zipBroken = (where: string, reason: string, cause?: unknown) =>
  new DataError("ZIP_DAMAGED", `the .npz archive cannot be read: ${reason}`, {
    where,
    fix: "The file is damaged or cut short; copy or write it again with numpy.savez.",
    cause,
  });

export const npzWithoutFeatures = (where: string, keys: readonly string[]) =>
  new DataError("FEATURES_NOT_FOUND", `no array of features: the archive holds ${listNames(keys) || "no arrays"}`, {
    where,
    fix: 'Store the features under the name "features", with rows along the first axis.',
  });
