import { DataError, type PairSupervision } from "@semblance/core";
import { findContradiction } from "./contradiction.js";

/** How messages speak of rows and of pairs. */
export interface PairWords {
  readonly row: (row: number) => string;
  /** Where a pair is said, such as `pairs.csv:7`. */
  readonly pair: (pair: number) => string;
}

const inMemory: PairWords = { row: (row) => `row ${row}`, pair: (pair) => `pair ${pair} (counted from 0)` };

/**
 * That pairs speak of rows that there are, and do not contradict each other.
 *
 * @throws DataError PAIRS_EMPTY, ROW_UNKNOWN, PAIR_WITH_ITSELF, SIMILARITY_INVALID; PAIRS_CONTRADICT with the chain of pairs that says the
 *         opposite
 */
export function checkPairs(pairs: PairSupervision, rowCount: number, words: PairWords = inMemory): void {
  const { rows, similarity } = pairs;
  if (similarity.length === 0) {
    throw new DataError("PAIRS_EMPTY", "there are no pairs", { where: "pairs", fix: "Give at least one pair." });
  }
  similarity.forEach((value, pair) => {
    const ends = [rows[2 * pair]!, rows[2 * pair + 1]!] as const;
    for (const row of ends)
      if (!(Number.isInteger(row) && row >= 0 && row < rowCount)) throw rowUnknown(row, rowCount, words.pair(pair));
    if (ends[0] === ends[1]) {
      throw new DataError("PAIR_WITH_ITSELF", `${words.row(ends[0])} is paired with itself`, {
        where: words.pair(pair),
        fix: "Name two rows in each pair.",
      });
    }
    if (value >= -1 && value <= 1) return;
    throw new DataError("SIMILARITY_INVALID", `a similarity is ${value}`, {
      where: words.pair(pair),
      fix: "Give 1 (or true) for rows that belong together, -1 (or false) for rows that do not, or a degree between.",
    });
  });
  const found = findContradiction(pairs);
  if (!found) return;
  const [first, last] = [found.chain[0]!, found.chain.at(-1)!];
  throw new DataError(
    "PAIRS_CONTRADICT",
    `${words.row(first)} and ${words.row(last)} are said to differ, and to be the same: ${found.chain.map(words.row).join(" = ")}`,
    {
      where: `${words.pair(found.pair)}, against ${found.links.map(words.pair).join(", ")}`,
      fix: "Correct or leave out one of these pairs.",
    },
  );
}

export function rowUnknown(row: number, rowCount: number, where: string): DataError {
  return new DataError("ROW_UNKNOWN", `there is no row ${row}`, {
    where,
    fix: `Name rows from 0 to ${rowCount - 1}.`,
  });
}
