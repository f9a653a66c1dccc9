import { ConfigError, type Contradiction, DataError } from "@semblance/core";
import { listNames } from "../names/list-names.js";

/** Errors about files that say which rows belong together, and about columns of labels that do. */
const PAIRS =
  "Write two ids on each line and whether they belong together: 1 or 0, or under a header a,b,similarity a number from -1 to 1.";
const TRIPLETS = "Write three ids on each line: anchor, positive, negative.";

export const relationsNotDelimited = (path: string, what: "pairs" | "triplets") =>
  new DataError("PAIRS_NOT_DELIMITED", `${what} of rows are read from .csv and .tsv files`, {
    where: path,
    fix: what === "pairs" ? PAIRS : TRIPLETS,
  });

export const relationColumns = (where: string, what: "pairs" | "triplets", columns: number) =>
  new DataError("PAIRS_COLUMNS", `the line has ${columns} cell${columns === 1 ? "" : "s"}, not 3`, {
    where,
    fix: what === "pairs" ? PAIRS : TRIPLETS,
  });

export const rowWithoutId = (where: string) =>
  new DataError("PAIR_EMPTY", "a row has no id", { where, fix: "Name every row of the line." });

export const sameUnknown = (where: string, cell: string) =>
  new DataError(
    "PAIR_SAME_UNKNOWN",
    `${JSON.stringify(cell.slice(0, 60))} does not say whether the rows belong together`,
    {
      where,
      fix: PAIRS,
    },
  );

export const similarityInvalid = (where: string, cell: string) =>
  new DataError("PAIR_SIMILARITY_INVALID", `${JSON.stringify(cell.slice(0, 60))} is no similarity from -1 to 1`, {
    where,
    fix: "Scale similarities so that -1 is different, 0 unknown and 1 the same.",
  });

export const rowWithItself = (where: string, id: string) =>
  new DataError("PAIR_WITH_ITSELF", `${JSON.stringify(id)} is compared with itself`, {
    where,
    fix: "Name different rows, or leave the line out.",
  });

export const pairTwice = (where: string, before: string, values: readonly [number, number]) =>
  new DataError(
    "PAIRS_CONTRADICT",
    `the same pair has similarity ${values[0]} before (${before}) and ${values[1]} here`,
    {
      where,
      fix: "Leave one of the two lines out.",
    },
  );

export const pairsContradict = (where: string, { first, second, chain, others }: Contradiction) => {
  const more = others > 0 ? `; ${others} more pairs are contradicted like this one` : "";
  return new DataError(
    "PAIRS_CONTRADICT",
    `${first} and ${second} are said to be different, and to be the same: ${chain.join(" – ")}${more}`,
    { where, fix: "Leave out this pair, or one of the pairs of the chain." },
  );
};

export const tripletTwice = (where: string, before: string) =>
  new DataError("TRIPLETS_CONTRADICT", `the triplet says the opposite of ${before}`, {
    where,
    fix: "Leave one of the two lines out.",
  });

export const supervisionTwice = (keys: readonly string[]) =>
  new ConfigError("SUPERVISION_TWICE", `${keys.join(" and ")} both say which rows belong together`, {
    where: keys.join(", "),
    fix: "Give one of them.",
  });

export const noSuchColumns = (where: string) =>
  new DataError("MULTI_LABELS_WITHOUT_COLUMNS", "several labels of a row are read from columns, and there are none", {
    where,
    fix: "Pass a table, such as a .csv file, with a column of 0 and 1 for each class.",
  });

export const notZeroOrOne = (where: string, cell: string) =>
  new DataError("MULTI_LABEL_INVALID", `${JSON.stringify(cell.slice(0, 60))} is neither 0 nor 1`, {
    where,
    fix: "Write 1 where the row is of the class and 0 where it is not.",
  });

/** Errors about holding a part of the data out. */
export const holdOutConflict = (by: string, name: string) =>
  new ConfigError("HOLD_OUT_CONFLICT", `${name} has a test part, so that nothing is held out by ${by}`, {
    where: "holdOut",
    fix: "Leave holdOut out, or hold classes out (by: class).",
  });

export const holdOutNeeds = (by: string, what: string) =>
  new ConfigError("HOLD_OUT_UNSUPERVISED", `the data have no ${what} to hold out by ${by}`, {
    where: "holdOut",
    fix:
      by === "class"
        ? "Name the labels (data.labels), or hold out by: row."
        : "Name a file of pairs (data.pairs), or hold out by: row.",
  });

export const holdOutTooMuch = (what: string) =>
  new ConfigError("HOLD_OUT_TOO_MUCH", what, {
    where: "holdOut",
    fix: "Choose another fraction or other classes, or hold rows out (by: row).",
  });

export const holdOutClassUnknown = (name: string, known: readonly string[], near: string | undefined) =>
  new ConfigError("HOLD_OUT_CLASS_UNKNOWN", `there is no class "${name}"`, {
    where: "holdOut.classes",
    fix: near === undefined ? `The classes are ${listNames(known)}.` : `Did you mean "${near}"?`,
  });
