import { DataError } from "@semblance/core";

/** Errors about files of must-link and cannot-link pairs. */
const FORM = "Write two ids and must-link or cannot-link on each line, such as s1,s2,must-link.";

export const pairsNotDelimited = (path: string) =>
  new DataError("PAIRS_NOT_DELIMITED", "pairs of samples are read from .csv and .tsv files", {
    where: path,
    fix: FORM,
  });

export const pairsNotThreeColumns = (where: string, columns: number) =>
  new DataError("PAIRS_COLUMNS", `the line has ${columns} cell${columns === 1 ? "" : "s"}, not 3`, {
    where,
    fix: FORM,
  });

export const pairKindUnknown = (where: string, kind: string) =>
  new DataError("PAIR_KIND_UNKNOWN", `${JSON.stringify(kind.slice(0, 60))} is neither must-link nor cannot-link`, {
    where,
    fix: `${FORM} A line that names the columns ends in "kind".`,
  });

export const pairEmpty = (where: string) => new DataError("PAIR_EMPTY", "a sample has no id", { where, fix: FORM });
