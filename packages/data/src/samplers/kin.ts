import type { MultiLabels, RandomStream, Supervision } from "@semblance/core";
import { supervisionNeeded } from "../errors/sampler-errors.js";
import { classRows } from "./class-rows.js";

/** Which rows are similar and which are different, to draw from. */
export interface Kin {
  /** Rows that have a similar one, rows that have a different one, and rows that have both, in ascending order. */
  readonly withSimilar: Int32Array;
  readonly withDifferent: Int32Array;
  readonly withBoth: Int32Array;
  /** A row similar to one of `withSimilar`, never the row itself. */
  similar(row: number, stream: RandomStream): number;
  /** A row different from one of `withDifferent`. */
  different(row: number, stream: RandomStream): number;
}

export interface KinSource {
  readonly rows: number;
  readonly labels?: Int32Array;
  readonly supervision?: Supervision;
}

/**
 * Kin by what is known of the rows: pairs, triplets or several labels where they are given, and labels otherwise.
 *
 * @throws ConfigError LABELS_MISSING; DataError ONE_CLASS
 */
export function kinOf(sampler: string, { rows, labels, supervision }: KinSource): Kin {
  if (supervision?.form === "multi-labels") return kinByMemberships(rows, supervision);
  if (supervision) return kinByLists(rows, supervision);
  if (labels) return kinByClasses(sampler, labels);
  throw supervisionNeeded(sampler);
}

/** Rows of a class are similar, and all others are different. */
function kinByClasses(sampler: string, labels: Int32Array): Kin {
  const groups = classRows(sampler, labels);
  // All rows, class by class: the others of a class are what is left and right of it.
  const ordered = Int32Array.from(groups.flatMap((group) => [...group]));
  const start = new Int32Array(labels.length);
  const size = new Int32Array(labels.length);
  const place = new Int32Array(labels.length);
  let before = 0;
  for (const group of groups) {
    group.forEach((row, at) => {
      start[row] = before;
      size[row] = group.length;
      place[row] = before + at;
    });
    before += group.length;
  }
  const all = Int32Array.from(labels.keys());
  const withSimilar = all.filter((row) => size[row]! > 1);
  return {
    withSimilar,
    withDifferent: all,
    withBoth: withSimilar,
    similar(row, stream) {
      const drawn = start[row]! + stream.integer(size[row]! - 1);
      return ordered[drawn < place[row]! ? drawn : drawn + 1]!;
    },
    different(row, stream) {
      const drawn = stream.integer(labels.length - size[row]!);
      return ordered[drawn < start[row]! ? drawn : drawn + size[row]!]!;
    },
  };
}

/** What pairs or triplets say, and nothing else. An order of three says nothing of its last two. */
function kinByLists(rows: number, supervision: Exclude<Supervision, MultiLabels>): Kin {
  const similar: number[][] = Array.from({ length: rows }, () => []);
  const different: number[][] = Array.from({ length: rows }, () => []);
  if (supervision.form === "pairs") {
    supervision.similarity.forEach((value, pair) => {
      const [a, b] = [supervision.rows[2 * pair]!, supervision.rows[2 * pair + 1]!];
      const lists = value > 0 ? similar : value < 0 ? different : undefined;
      if (!lists) return;
      lists[a]!.push(b);
      lists[b]!.push(a);
    });
  } else {
    for (let at = 0; at < supervision.rows.length; at += 3) {
      const [anchor, positive, negative] = supervision.rows.subarray(at, at + 3) as unknown as [number, number, number];
      similar[anchor]!.push(positive);
      different[anchor]!.push(negative);
    }
  }
  const all = Int32Array.from(similar.keys());
  const has = (lists: number[][]) => (row: number) => lists[row]!.length > 0;
  const one = (lists: number[][]) => (row: number, stream: RandomStream) =>
    lists[row]![stream.integer(lists[row]!.length)]!;
  return {
    withSimilar: all.filter(has(similar)),
    withDifferent: all.filter(has(different)),
    withBoth: all.filter(has(similar)).filter(has(different)),
    similar: one(similar),
    different: one(different),
  };
}

/** Rows that share a class are similar, and rows that share none are different; both are looked for among all rows. */
function kinByMemberships(rows: number, { memberships: { shape, data } }: MultiLabels): Kin {
  const classes = shape[1] ?? 0;
  const share = (a: number, b: number) => {
    for (let c = 0; c < classes; c++) if (data[a * classes + c]! > 0 && data[b * classes + c]! > 0) return true;
    return false;
  };
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const first = (row: number, wanted: boolean) => all.some((other) => other !== row && share(row, other) === wanted);
  const withSimilar = all.filter((row) => first(row, true));
  const withDifferent = all.filter((row) => first(row, false));
  const draw = (wanted: boolean) => (row: number, stream: RandomStream) => {
    // Trying is quicker than listing, unless there are few to be found.
    for (let tries = 0; tries < TRIES; tries++) {
      const other = stream.integer(rows);
      if (other !== row && share(row, other) === wanted) return other;
    }
    const found = all.filter((other) => other !== row && share(row, other) === wanted);
    return found[stream.integer(found.length)]!;
  };
  const both = new Set(withDifferent);
  return {
    withSimilar,
    withDifferent,
    withBoth: withSimilar.filter((row) => both.has(row)),
    similar: draw(true),
    different: draw(false),
  };
}

const TRIES = 64;
