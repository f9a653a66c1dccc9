import { ConfigError, DataError, ShapeError, showShape } from "@semblance/core";

/** A measure was asked for without one of the arrays it compares. */
export const inputMissing = (measure: string, input: string) =>
  new DataError("INPUT_MISSING", `measure "${measure}" needs ${input}, which was not given`, {
    where: `measure "${measure}", input ${input}`,
    fix: `Pass ${input}, or leave "${measure}" out of the measures.`,
  });

/** Two arrays that describe the same rows have different numbers of them. */
export const lengthsDiffer = (first: string, firstLength: number, second: string, secondLength: number) =>
  new DataError("LENGTHS_DIFFER", `${first} has ${firstLength} entries but ${second} has ${secondLength}`, {
    where: `${first} and ${second}`,
    fix: "Pass arrays that describe the same rows in the same order.",
  });

/** A score of no rows at all would look like a result. */
export const inputEmpty = (name: string) =>
  new DataError("INPUT_EMPTY", `${name} has no entries, so there is nothing to score`, {
    where: name,
    fix: "Pass at least one row.",
  });

/** Labels are names of groups: whole numbers, of any sign. */
export const labelNotInteger = (name: string, row: number, value: unknown) =>
  new DataError("LABEL_NOT_INTEGER", `${name} holds ${String(value)} at row ${row}, but labels are whole numbers`, {
    where: `${name}, row ${row}`,
    fix: "Map class names to whole numbers first; leave rows without a label out.",
  });

/** NaN and infinities have no distance to anything. */
export const valueNotFinite = (name: string, row: number, column: number, value: number) =>
  new DataError("VALUE_NOT_FINITE", `${name} holds ${value} at row ${row}, column ${column}`, {
    where: `${name}, row ${row}, column ${column}`,
    fix: "Fill or drop missing values before scoring or clustering.",
  });

/** The squared distances of such data are infinite in float64. */
export const valuesTooLarge = (name: string, row: number, column: number, value: number) =>
  new DataError("VALUES_TOO_LARGE", `${name} holds ${value} at row ${row}, column ${column}; its square overflows`, {
    where: `${name}, row ${row}, column ${column}`,
    fix: "Rescale the columns, for example to unit variance.",
  });

export const rankMismatch = (name: string, axes: string, shape: readonly number[]) =>
  new ShapeError("RANK_MISMATCH", `${name} must be ${axes}, not ${showShape(shape)}`, {
    where: name,
    fix: "Flatten each row to one axis.",
  });

export const widthsDiffer = (first: string, firstWidth: number, second: string, secondWidth: number) =>
  new ShapeError("AXIS_MISMATCH", `${first} has ${firstWidth} columns but ${second} has ${secondWidth}`, {
    where: `${first} and ${second}`,
    fix: "Pass rows of one space.",
  });

/** Rows of posteriors are probability distributions. */
export const notADistribution = (row: number, problem: string) =>
  new DataError("NOT_A_DISTRIBUTION", `row ${row} of posteriors ${problem}`, {
    where: `posteriors, row ${row}`,
    fix: "Pass probabilities: non-negative numbers that sum to 1 in every row (a softmax, not logits).",
  });

/** A setting outside its range. */
export const settingInvalid = (setting: string, wanted: string, value: unknown) =>
  new ConfigError("SETTING_INVALID", `${setting} must be ${wanted}, not ${String(value)}`, {
    where: setting,
    fix: `Set ${setting} to ${wanted}.`,
  });

/** An optimal matching of this size would take minutes and gigabytes. */
export const matchingTooLarge = (classes: number, clusters: number) =>
  new DataError("MATCHING_TOO_LARGE", `matching ${clusters} clusters to ${classes} classes would take too long`, {
    where: "accuracy",
    fix: "Check that labels are classes and not row numbers, or use pairwise-f1 or ami, which need no matching.",
  });

export const silhouetteUndefined = (clusters: number, rows: number) =>
  new DataError("SILHOUETTE_UNDEFINED", `the silhouette of ${rows} rows in ${clusters} cluster(s) is not defined`, {
    where: 'measure "silhouette"',
    fix: "It needs at least two clusters, and fewer clusters than rows.",
  });

/** Every class has one member, so that no query has anything to retrieve. */
export const nothingToRetrieve = (measure: string) =>
  new DataError("NOTHING_TO_RETRIEVE", `no query of "${measure}" shares its label with any row of the gallery`, {
    where: `measure "${measure}"`,
    fix: "Pass labels in which at least one class has two members, or a gallery with the classes of the queries.",
  });

export const tooFewRows = (what: string, rows: number, wanted: number) =>
  new DataError("TOO_FEW_ROWS", `${what} needs at least ${wanted} row(s), but data has ${rows}`, {
    where: "data",
    fix: "Pass more rows, or ask for fewer.",
  });

export const centresMismatch = (name: string, given: readonly number[], wanted: readonly number[]) =>
  new ShapeError("CENTRES_MISMATCH", `${name} is ${showShape(given)}, but ${showShape(wanted)} is needed`, {
    where: name,
    fix: "Pass one centre for each cluster, as wide as the data.",
  });

/** More neighbours than there are rows to be neighbours. */
export const neighboursExceedGallery = (k: number, available: number, excludeSelf: boolean) =>
  new ConfigError(
    "K_EXCEEDS_GALLERY",
    `${k} neighbours were asked for, but the gallery has ${available} row(s)${excludeSelf ? " beside the query itself" : ""}`,
    { where: "k", fix: `Ask for at most ${available}, or pass a larger gallery.` },
  );

export const galleryNotTheQueries = (queries: number, gallery: number) =>
  new ConfigError(
    "GALLERY_NOT_THE_QUERIES",
    `each query is to be left out of its own neighbours, but there are ${queries} queries and ${gallery} rows in the gallery`,
    {
      where: "excludeSelf",
      fix: "Leave the gallery out, pass the queries as the gallery, or set excludeSelf to false.",
    },
  );

export const memoryLimitTooSmall = (bytes: number, needed: number) =>
  new ConfigError("MEMORY_LIMIT_TOO_SMALL", `a single row takes ${needed} bytes, but ${Math.floor(bytes)} are left`, {
    where: "memoryLimit",
    fix: "Raise memoryLimit, or ask for fewer neighbours.",
  });

/** Finite rows, and yet no number: an overflow inside the divergence. */
export const scoreNotANumber = (query: number, stored: number) =>
  new DataError("DIVERGENCE_NOT_A_NUMBER", `the divergence of query ${query} and row ${stored} is not a number`, {
    where: `queries, row ${query}; gallery, row ${stored}`,
    fix: "Rescale the rows: the divergence overflows in the backend's floating-point type.",
  });

export const notARetrievalMeasure = (name: string, names: readonly string[]) =>
  new ConfigError("NOT_A_RETRIEVAL_MEASURE", `"${name}" is not computed from the neighbours of queries`, {
    where: `measure "${name}"`,
    fix: `Choose of ${names.join(", ")}.`,
  });
