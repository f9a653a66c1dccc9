import { DataError, type Labels, type MultiLabels, ndarray, type OtherPairs, type Supervision } from "@semblance/core";
import { checkLabels } from "./check-labels.js";
import { checkPairs, rowUnknown } from "./check-pairs.js";

/** What is known of which rows belong together: one of these. */
export interface KnownOfRows {
  /** The class of each row. */
  readonly labels?: readonly (string | number)[] | Int32Array | Labels;
  /** Two rows by their numbers from 0, and whether they belong together: true, false, or a degree from −1 to 1. */
  readonly pairs?: readonly (readonly [first: number, second: number, same: boolean | number])[];
  /**
   * What two rows are taken for of which no pair says anything; `"different"` where nothing is said of the loss, `"unknown"` under another.
   * Rows drawn blindly nearly all differ where there are many kinds of them: say `"unknown"` where there are few.
   */
  readonly otherPairs?: OtherPairs;
  /** Rows of which the first is closer to the second than to the third. */
  readonly triplets?: readonly (readonly [anchor: number, positive: number, negative: number])[];
  /** The classes of each row: rows that share one belong together. */
  readonly multiLabels?: readonly (readonly (string | number)[])[];
}

/** The same as training takes it. */
export interface Supervised {
  readonly labels?: Labels;
  readonly supervision?: Supervision;
  /** What a user should know of it. */
  readonly warnings: readonly string[];
}

/**
 * Checks what is known of rows, and numbers classes.
 *
 * @throws DataError SUPERVISION_MISSING, SUPERVISION_TWICE, LABELS_LENGTH, those of `checkLabels` and `checkPairs`
 */
export function supervise(known: KnownOfRows, rows: number): Supervised {
  const given = (["labels", "pairs", "triplets", "multiLabels"] as const).filter((form) => known[form] !== undefined);
  if (given.length !== 1) {
    const [code, what] =
      given.length === 0
        ? (["SUPERVISION_MISSING", "nothing says which rows belong together"] as const)
        : (["SUPERVISION_TWICE", `${given.join(" and ")} are given`] as const);
    throw new DataError(code, what, {
      where: "MetricLearning.fit",
      fix: "Give one of labels, pairs, triplets and multiLabels, or a data set with labels.",
    });
  }
  const { labels, pairs, triplets, multiLabels } = known;
  if (labels) return superviseByLabels("indices" in labels ? labels : numbered(labels), rows);
  if (pairs) {
    const ends = Int32Array.from(pairs.flatMap((pair) => pair.slice(0, 2) as number[]));
    const similarity = Float32Array.from(pairs, ([, , same]) => (typeof same === "boolean" ? (same ? 1 : -1) : same));
    // Rows that an Int32Array would have changed are named as they were given.
    pairs.forEach(([first, second], pair) => {
      for (const row of [first, second])
        if (!Number.isInteger(row)) throw rowUnknown(row, rows, `pair ${pair} (counted from 0)`);
    });
    return superviseBy({ form: "pairs", rows: ends, similarity }, rows);
  }
  if (triplets) return superviseBy({ form: "triplets", rows: Int32Array.from(triplets.flat()) }, rows);
  return superviseBy(memberships(multiLabels!), rows);
}

export function superviseByLabels(labels: Labels, rows: number): Supervised {
  requireOneEach(labels.indices.length, rows, "labels");
  return { labels, warnings: checkLabels(labels, "labels") };
}

export function superviseBy(supervision: Supervision, rows: number): Supervised {
  if (supervision.form === "pairs") checkPairs(supervision, rows);
  if (supervision.form === "triplets") checkTriplets(supervision.rows, rows);
  if (supervision.form === "multi-labels") requireOneEach(supervision.memberships.shape[0]!, rows, "multiLabels");
  return { supervision, warnings: [] };
}

function checkTriplets(ends: Int32Array, rows: number): void {
  const where = (at: number) => `triplet ${Math.floor(at / 3)} (counted from 0)`;
  ends.forEach((row, at) => {
    if (row < 0 || row >= rows) throw rowUnknown(row, rows, where(at));
    const first = at - (at % 3);
    if (ends.subarray(first, at).includes(row)) {
      throw new DataError("TRIPLET_REPEATS", `row ${row} stands twice in a triplet`, {
        where: where(at),
        fix: "Name an anchor, a row closer to it, and a row further from it.",
      });
    }
  });
  if (ends.length === 0) {
    throw new DataError("TRIPLETS_EMPTY", "there are no triplets", { where: "triplets", fix: "Give at least one." });
  }
}

function requireOneEach(count: number, rows: number, what: string): void {
  if (count === rows) return;
  throw new DataError("LABELS_LENGTH", `there are ${count} ${what} for ${rows} rows`, {
    where: what,
    fix: "Give one for each row, in their order.",
  });
}

/** Classes in the order of their values where all are numbers, else of their code units. */
export function numbered(values: readonly (string | number)[] | Int32Array): Labels {
  const given: readonly (string | number)[] = Array.from<string | number>(values as readonly (string | number)[]);
  const distinct = [...new Set(given)].sort((a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : 1,
  );
  const indexOf = new Map(distinct.map((value, index) => [value, index]));
  return { indices: Int32Array.from(given, (value) => indexOf.get(value)!), names: distinct.map(String) };
}

function memberships(classes: readonly (readonly (string | number)[])[]): MultiLabels {
  const { indices, names } = numbered(classes.flat());
  const data = new Float32Array(classes.length * names.length);
  let at = 0;
  classes.forEach((own, row) => {
    for (const _ of own) data[row * names.length + indices[at++]!] = 1;
  });
  return { form: "multi-labels", memberships: ndarray("float32", [classes.length, names.length], data), names };
}
