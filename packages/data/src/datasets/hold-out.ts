import { Key, nearNames, type PairSupervision } from "@semblance/core";
import { holdOutClassUnknown, holdOutConflict, holdOutNeeds, holdOutTooMuch } from "../errors/supervision-errors.js";
import { partOfRows, withoutEmptyClasses } from "./part-of-rows.js";
import type { RawPart } from "./prepare.js";

/** A part of the data that is kept for scoring. */
export interface HoldOut {
  /**
   * `class` keeps whole classes, so that what is learned must carry over to classes never seen; `row` keeps rows; `pair` keeps some of the
   * pairs that say which rows belong together, and the rows that they name.
   */
  readonly by: "class" | "row" | "pair";
  /** The share of classes, rows or pairs that is kept, above 0 and below 1; half of the classes, or a fifth of rows or pairs by default. */
  readonly fraction?: number;
  /** The classes that are kept, by name, instead of a share drawn at random. */
  readonly classes?: readonly string[];
  /** What a random share is drawn by; 0 by default. */
  readonly seed?: number;
}

export interface HeldOut {
  readonly train: RawPart;
  readonly test: RawPart;
  /** What was decided, in words. */
  readonly note: string;
}

const FRACTION = { class: 0.5, row: 0.2, pair: 0.2 } as const;

/**
 * Divides data into a part to train on and one that is kept for scoring.
 *
 * Classes are held out of both parts where the data have a test part of their own: trained on are the other classes of the training
 * part, and scored the held-out classes of the test part. Relations between a row of each part are left out.
 *
 * Errors   HOLD_OUT_CONFLICT, HOLD_OUT_UNSUPERVISED, HOLD_OUT_TOO_MUCH, HOLD_OUT_CLASS_UNKNOWN
 */
export function holdOut(train: RawPart, test: RawPart | undefined, asked: HoldOut): HeldOut {
  const fraction = asked.fraction ?? FRACTION[asked.by];
  const key = Key.fromSeed(asked.seed ?? 0).fold("hold-out");
  if (asked.by === "class") return byClass(train, test, { ...asked, fraction }, key);
  if (test) throw holdOutConflict(asked.by, train.features.name);
  return asked.by === "row" ? byRow(train, fraction, key) : byPair(train, fraction, key);
}

function byClass(
  train: RawPart,
  test: RawPart | undefined,
  { classes, fraction }: Pick<HoldOut, "classes"> & { readonly fraction: number },
  key: Key,
): HeldOut {
  const { labels } = train;
  if (!labels) throw holdOutNeeds("class", "labels");
  const { names } = labels;
  const drawn = () => [...key.permutation(names.length).subarray(0, Math.max(1, Math.round(names.length * fraction)))];
  const held = new Set(classes?.map((name) => classNamed(name, names)) ?? drawn());
  if (names.length - held.size < 2) {
    throw holdOutTooMuch(
      `of ${names.length} classes ${held.size} are held out, and at least two are needed to train on`,
    );
  }
  const scored = test ?? train;
  // Classes are the same by name: a test part numbers its own.
  const heldNames = new Set([...held].map((index) => names[index]!));
  const isHeld = (part: RawPart) => (row: number) => heldNames.has(part.labels!.names[part.labels!.indices[row]!]!);
  const rowsOf = (part: RawPart, wanted: boolean) => {
    const of = isHeld(part);
    return Int32Array.from(part.labels!.indices.keys()).filter((row) => of(row) === wanted);
  };
  const part = (from: RawPart, wanted: boolean): RawPart => {
    const taken = partOfRows(from, rowsOf(from, wanted));
    return { ...taken, labels: withoutEmptyClasses(taken.labels!) };
  };
  const list = [...heldNames].sort();
  const shown = list.length > NAMED ? `${list.slice(0, NAMED).join(", ")}, …` : list.join(", ");
  return {
    train: part(train, false),
    test: part(scored, true),
    note: `held out ${held.size} of ${names.length} classes for scoring (${shown})${held.size === 1 ? "; among rows of one class every neighbour is right" : ""}`,
  };
}

const NAMED = 12;

function classNamed(name: string, names: readonly string[]): number {
  const index = names.indexOf(name);
  if (index === -1) throw holdOutClassUnknown(name, names, nearNames(name, names)[0]);
  return index;
}

function byRow(all: RawPart, fraction: number, key: Key): HeldOut {
  const rows = all.features.shape[0]!;
  const count = Math.max(1, Math.round(rows * fraction));
  if (rows - count < 2)
    throw holdOutTooMuch(`of ${rows} rows ${count} are held out, and at least two are needed to train on`);
  const order = key.permutation(rows);
  return {
    train: partOfRows(all, order.slice(count).sort()),
    test: partOfRows(all, order.slice(0, count).sort()),
    note: `held out ${count} of ${rows} rows for scoring`,
  };
}

function byPair(all: RawPart, fraction: number, key: Key): HeldOut {
  const { supervision } = all;
  if (supervision?.form !== "pairs") throw holdOutNeeds("pair", "pairs");
  const pairs = supervision.similarity.length;
  const count = Math.max(1, Math.round(pairs * fraction));
  if (count >= pairs) throw holdOutTooMuch(`of ${pairs} pairs ${count} are held out, and none is left to train on`);
  const order = key.permutation(pairs);
  const held = pairsOf(supervision, order.slice(0, count).sort());
  const rows = Int32Array.from(new Set(held.rows)).sort();
  return {
    train: { ...all, supervision: pairsOf(supervision, order.slice(count).sort()) },
    test: partOfRows({ ...all, supervision: held }, rows),
    note: `held out ${count} of ${pairs} pairs for scoring`,
  };
}

function pairsOf(supervision: PairSupervision, pairs: Int32Array): PairSupervision {
  const { rows, similarity } = supervision;
  return {
    ...supervision,
    rows: Int32Array.from([...pairs].flatMap((pair) => [rows[2 * pair]!, rows[2 * pair + 1]!])),
    similarity: Float32Array.from(pairs, (pair) => similarity[pair]!),
  };
}
