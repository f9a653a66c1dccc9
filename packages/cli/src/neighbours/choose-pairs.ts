import type { Key } from "@semblance/core";
import type { KnownRelations } from "./known-relations.js";

/** Of either kind; a histogram of more looks the same. */
const MOST = 5000;
/** Rows of which all pairs are looked at where a relation has to be asked pair by pair. */
const ROWS_ASKED = 150;

/** Pairs of rows whose divergences are shown. */
export interface ChosenPairs {
  /** [2p]: the rows of each. */
  readonly rows: Int32Array;
  readonly same: readonly boolean[];
  /** Which they are, in a sentence. */
  readonly note: string;
}

/** Pairs that were told, or pairs of rows with labels: all where they are few, or some of either kind drawn by a key. */
export function choosePairs(known: KnownRelations, count: number, key: Key): ChosenPairs {
  const { told, classes } = known;
  if (told) return fewerOf(told, "that the data tell of", key);
  if (classes) return byClasses(classes.of, key);
  return fewerOf(askedPairs(known, count, key), "of some rows", key);
}

type Pairs = Omit<ChosenPairs, "note">;

function fewerOf(pairs: Pairs, which: string, key: Key): ChosenPairs {
  const kinds = [true, false].map((same) => {
    const places = Int32Array.from(pairs.same.keys()).filter((pair) => pairs.same[pair] === same);
    const drawn = key.fold(String(same)).permutation(places.length).slice(0, MOST);
    return { places: drawn.map((at) => places[at]!), all: places.length };
  });
  const kept = kinds.flatMap(({ places }) => Array.from(places));
  const counted = kinds.map(({ places, all }) =>
    places.length < all ? `${number(places.length)} of ${number(all)}` : number(all),
  );
  return {
    rows: Int32Array.from(kept.flatMap((pair) => [pairs.rows[2 * pair]!, pairs.rows[2 * pair + 1]!])),
    same: kept.map((pair) => pairs.same[pair]!),
    note: `Shown are pairs ${which}: ${counted[0]} that belong together, ${counted[1]} that do not.`,
  };
}

/** All ordered pairs of rows where they are few; or else drawn one by one, each as likely as any other of its kind. */
function byClasses(of: Int32Array, key: Key): ChosenPairs {
  const members = new Map<number, number[]>();
  of.forEach((each, row) => {
    const own = members.get(each);
    if (own) own.push(row);
    else members.set(each, [row]);
  });
  if (of.length * (of.length - 1) <= 2 * MOST)
    return fewerOf(
      allPairs(of.length, (a, b) => of[a] === of[b]),
      "of all rows",
      key,
    );
  const stream = key.stream();
  const sizes = [...members.values()].filter((rows) => rows.length > 1);
  const ends: number[] = [];
  // A class has n(n − 1) ordered pairs.
  const upTo: number[] = [];
  for (const { length } of sizes) upTo.push((upTo.at(-1) ?? 0) + length * (length - 1));
  const wanted = Math.min(MOST, upTo.at(-1) ?? 0);
  for (let pair = 0; pair < wanted; pair++) {
    const at = stream.uniform() * upTo.at(-1)!;
    const rows = sizes[upTo.findIndex((sum) => at < sum)]!;
    const [first, step] = [stream.integer(rows.length), 1 + stream.integer(rows.length - 1)];
    ends.push(rows[first]!, rows[(first + step) % rows.length]!);
  }
  const same = ends.length / 2;
  while (members.size > 1 && ends.length < 2 * (same + MOST)) {
    const [a, b] = [stream.integer(of.length), stream.integer(of.length)];
    if (of[a] !== of[b]) ends.push(a, b);
  }
  const different = ends.length / 2 - same;
  return {
    rows: Int32Array.from(ends),
    same: Array.from({ length: same + different }, (_, pair) => pair < same),
    note: `Shown are ${number(same)} pairs of the same class and ${number(different)} of different classes, drawn at random.`,
  };
}

function askedPairs(known: KnownRelations, count: number, key: Key): Pairs {
  const drawn = key.permutation(count).slice(0, ROWS_ASKED);
  const { rows, same } = allPairs(drawn.length, (a, b) => known.related(drawn[a]!, drawn[b]!));
  return { rows: rows.map((at) => drawn[at]!), same };
}

function allPairs(count: number, related: (a: number, b: number) => boolean | undefined): Pairs {
  const [ends, same] = [[] as number[], [] as boolean[]];
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      const is = a === b ? undefined : related(a, b);
      if (is === undefined) continue;
      ends.push(a, b);
      same.push(is);
    }
  }
  return { rows: Int32Array.from(ends), same };
}

const number = (value: number) => value.toLocaleString("en");
