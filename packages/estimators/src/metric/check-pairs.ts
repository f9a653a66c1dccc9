import { contradictionOf, DataError, type PairSupervision } from "@semblance/core";

const rowName = (row: number) => `row ${row}`;
const pairName = (pair: number) => `pair ${pair} (counted from 0)`;

/**
 * That pairs speak of rows that there are, and do not contradict each other.
 *
 * @throws DataError PAIRS_EMPTY, ROW_UNKNOWN, PAIR_WITH_ITSELF, SIMILARITY_INVALID; PAIRS_CONTRADICT with the chain of pairs that says the
 *         opposite
 */
export function checkPairs(pairs: PairSupervision, rowCount: number): void {
  const { rows, similarity } = pairs;
  if (similarity.length === 0) {
    throw new DataError("PAIRS_EMPTY", "there are no pairs", { where: "pairs", fix: "Give at least one pair." });
  }
  similarity.forEach((value, pair) => {
    const ends = [rows[2 * pair]!, rows[2 * pair + 1]!] as const;
    for (const row of ends)
      if (!(Number.isInteger(row) && row >= 0 && row < rowCount)) throw rowUnknown(row, rowCount, pairName(pair));
    if (ends[0] === ends[1]) {
      throw new DataError("PAIR_WITH_ITSELF", `${rowName(ends[0])} is paired with itself`, {
        where: pairName(pair),
        fix: "Name two rows in each pair.",
      });
    }
    if (value >= -1 && value <= 1) return;
    throw new DataError("SIMILARITY_INVALID", `a similarity is ${value}`, {
      where: pairName(pair),
      fix: "Give 1 (or true) for rows that belong together, -1 (or false) for rows that do not, or a degree between.",
    });
  });
  const linksOf = (value: number) =>
    Array.from(similarity.keys())
      .filter((pair) => similarity[pair] === value)
      .map((pair) => ({ first: rows[2 * pair]!, second: rows[2 * pair + 1]!, pair }));
  // Degrees between say nothing of either kind.
  const found = contradictionOf({}, linksOf(1), linksOf(-1));
  if (!found) return;
  const { first, second, chain, by, link } = found;
  throw new DataError(
    "PAIRS_CONTRADICT",
    `${first} and ${second} are said to differ, and to be the same: ${chain.join(" = ")}`,
    {
      where: `${pairName(link.pair)}, against ${by.map(({ pair }) => pairName(pair)).join(", ")}`,
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
