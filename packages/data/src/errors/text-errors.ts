import { DataError } from "@semblance/core";

/** Errors about text files: encodings, delimiters, rows and lines. `file:line` counts lines from 1. */
const at = (path: string, line: number) => `${path}:${line}`;

export const binaryAsText = (path: string, looksLike: string | undefined) =>
  new DataError(
    "BINARY_FILE",
    `${path} is a binary file${looksLike ? ` (it looks like ${looksLike})` : ""}, not text`,
    {
      where: path,
      fix: looksLike
        ? `Give it the extension of ${looksLike}, or export it as text.`
        : "Export the data as UTF-8 text.",
    },
  );

export const notUtf8 = (path: string, encoding: string | undefined) =>
  new DataError("ENCODING_UNSUPPORTED", `${path} is ${encoding ? `${encoding} text` : "not valid UTF-8 text"}`, {
    where: path,
    fix: `Convert it to UTF-8, for instance with \`iconv -f ${encoding ?? "ISO-8859-1"} -t UTF-8\`.`,
  });

export const headerOnly = (path: string, line: number) =>
  new DataError("HEADER_ONLY", `${path} has a header line and no rows`, {
    where: at(path, line),
    fix: "Add rows below the header.",
  });

export const raggedRow = (path: string, line: number, found: number, expected: number) =>
  new DataError("RAGGED_ROW", `the row has ${found} cells where the first row has ${expected}`, {
    where: at(path, line),
    fix: "Give every row the same number of cells; put cells that contain the delimiter in double quotes.",
  });

export const quotesBroken = (path: string, line: number, reason: string, cause: unknown) =>
  new DataError("QUOTES_BROKEN", `the quotes cannot be understood: ${reason}`, {
    where: at(path, line),
    fix: 'Put the whole cell in double quotes, with no space outside them, and double the quotes inside: "say ""hi""".',
    cause,
  });

export const otherDelimiter = (path: string, line: number, found: string, expected: string) =>
  new DataError("DELIMITER_UNEXPECTED", `the cells are separated by ${found}, not by ${expected}`, {
    where: at(path, line),
    fix: found === "tabs" ? "Name the file .tsv." : "Export the file with commas (.csv) or tabs (.tsv) between cells.",
  });

export const columnRepeated = (path: string, line: number, name: string, first: number, second: number) =>
  new DataError("COLUMN_REPEATED", `columns ${first} and ${second} (counted from 0) are both called "${name}"`, {
    where: at(path, line),
    fix: "Give every column a name of its own.",
  });

export const jsonInvalid = (path: string, line: number, cause: unknown) =>
  new DataError("JSON_INVALID", `the line is not valid JSON (${(cause as Error).message})`, {
    where: at(path, line),
    fix: "Write one complete JSON value a line.",
    cause,
  });

export const jsonShape = (path: string, line: number, found: string) =>
  new DataError("JSON_SHAPE", `the line holds ${found}`, {
    where: at(path, line),
    fix: 'Write each row as an object of numbers, as {"vector": [...], "label": ...}, or as an array of numbers.',
  });

export const jsonRowDiffers = (path: string, line: number, difference: string) =>
  new DataError("RAGGED_ROW", `the row ${difference}`, {
    where: at(path, line),
    fix: "Give every row the same keys, and every vector the same length.",
  });

export const lineTooLong = (path: string, line: number, limit: number) =>
  new DataError("LINE_TOO_LONG", `the line is longer than ${Math.floor(limit / 2 ** 20)} MiB`, {
    where: at(path, line),
    fix: "Write one row a line.",
  });
