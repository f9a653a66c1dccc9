import { DataError, type Dataset, rowsOf } from "@semblance/core";
import { kBeyondGallery } from "../spaces/space-errors.js";

/** K of recall@K where it is not asked for. */
const USUAL_K = 8;
const FEWEST_ROWS = 2;

/**
 * Before anything is learned: whether what is held out can be scored.
 *
 * @returns K of recall@K, at most the number of other rows
 * @throws DataError TOO_FEW_ROWS, K_EXCEEDS_GALLERY for rows; PAIRS_OF_ONE_KIND for pairs among which nothing is the same, or nothing differs
 */
export function requireScorable(held: Dataset, asked: number | undefined): number {
  const { name, labels, supervision } = held;
  const others = rowsOf(held) - 1;
  if (labels) {
    if (others + 1 < FEWEST_ROWS) throw rowsTooFew(name, others + 1);
    if (asked !== undefined && asked > others) throw kBeyondGallery(asked, others, true);
  } else if (supervision?.form === "pairs") {
    const same = supervision.similarity.filter((value) => value > 0).length;
    const different = supervision.similarity.filter((value) => value < 0).length;
    if (same === 0 || different === 0) throw pairsOfOneKind(name, same === 0 ? "the same" : "different");
  }
  return asked ?? Math.min(USUAL_K, Math.max(1, others));
}

const rowsTooFew = (name: string, rows: number) =>
  new DataError("TOO_FEW_ROWS", `${rows} row is held out, and a row is scored by its neighbours among the others`, {
    where: name,
    fix: "Give more rows, or hold out more of them: --set 'data.holdOut={by: row, fraction: 0.5}'.",
  });

const pairsOfOneKind = (name: string, missing: string) =>
  new DataError("PAIRS_OF_ONE_KIND", `of the pairs that are held out none are ${missing}`, {
    where: name,
    fix: `Whether pairs are told apart is scored on both kinds: give more pairs that are ${missing}.`,
  });
