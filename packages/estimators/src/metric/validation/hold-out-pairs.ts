import { ConfigError, DataError, type Dataset, Key, type PairSupervision, takeRows } from "@semblance/core";
import type { HeldOutRows } from "./hold-out-rows.js";
import type { SettledValidation } from "./validation-options.js";

/**
 * Holds the same share of the pairs that are the same and of those that are not out of training, at least one of each. All rows stay to train on;
 * of the held-out part are the rows that its pairs name.
 *
 * @throws ConfigError VALIDATION_NEEDS_PAIRS; DataError VALIDATION_TOO_SMALL
 */
export function holdOutPairs(
  data: Dataset,
  { fraction, seed }: Pick<SettledValidation, "fraction" | "seed">,
): HeldOutRows {
  const { supervision } = data;
  if (supervision?.form !== "pairs") {
    throw new ConfigError("VALIDATION_NEEDS_PAIRS", `pairs are to be held out, and ${data.name} has none`, {
      where: "validation.by",
      fix: "Train from pairs, or hold out rows or classes.",
    });
  }
  const key = Key.fromSeed(seed).fold("validation");
  const held = new Set<number>();
  for (const same of [true, false]) {
    const own = Int32Array.from(supervision.similarity.keys()).filter(
      (pair) => supervision.similarity[pair]! > 0 === same,
    );
    const count = Math.max(1, Math.round(own.length * fraction));
    if (own.length - count < 1) {
      const kind = same ? "the same" : "different";
      throw new DataError("VALIDATION_TOO_SMALL", `of ${own.length} pairs that are ${kind} none can be held out`, {
        where: "validation",
        fix: "Give more pairs of either kind, or leave validation out.",
      });
    }
    for (const at of key
      .fold(same ? 1 : 0)
      .permutation(own.length)
      .subarray(0, count))
      held.add(own[at]!);
  }
  const some = (wanted: boolean) =>
    pairsOf(
      supervision,
      Int32Array.from(supervision.similarity.keys()).filter((pair) => held.has(pair) === wanted),
    );
  return { train: { ...data, supervision: some(false) }, held: ofRowsNamed(data, some(true)) };
}

function pairsOf(supervision: PairSupervision, pairs: Int32Array): PairSupervision {
  const ends = new Int32Array(2 * pairs.length);
  pairs.forEach((pair, at) => ends.set(supervision.rows.subarray(2 * pair, 2 * pair + 2), 2 * at));
  return { ...supervision, rows: ends, similarity: Float32Array.from(pairs, (pair) => supervision.similarity[pair]!) };
}

function ofRowsNamed({ name, features }: Dataset, pairs: PairSupervision): Dataset {
  const rows = Int32Array.from(new Set(pairs.rows)).sort();
  const to = new Map(Array.from(rows, (row, at) => [row, at]));
  return {
    name,
    features: takeRows(features, rows) as Dataset["features"],
    supervision: { ...pairs, rows: pairs.rows.map((row) => to.get(row)!) },
  };
}
