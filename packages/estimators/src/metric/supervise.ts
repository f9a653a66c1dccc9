import {
  ConfigError,
  DataError,
  type Labels,
  type MultiLabels,
  ndarray,
  type OtherPairs,
  type Supervision,
  suggest,
} from "@semblance/core";
import { checkLabels } from "./check-labels.js";
import { checkPairs, rowUnknown } from "./check-pairs.js";

const FORMS = ["labels", "pairs", "triplets", "multiLabels"] as const;
/** What fit takes beside its rows. */
const KEYS = [...FORMS, "otherPairs", "signal"] as const;

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
 * @throws DataError SUPERVISION_MISSING, SUPERVISION_TWICE, SUPERVISION_INVALID, LABELS_LENGTH,
 *         TRIPLETS_CONTRADICT, CLASS_REPEATS, those of `checkLabels` and `checkPairs`
 */
export function supervise(known: KnownOfRows, rows: number): Supervised {
  const given = FORMS.filter((form) => known[form] !== undefined);
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
    requireThree(pairs, "pair", "Give each pair as [first row, second row, whether they belong together].");
    const ends = Int32Array.from(pairs.flatMap((pair) => pair.slice(0, 2) as number[]));
    const similarity = Float32Array.from(pairs, ([, , same]) => (typeof same === "boolean" ? (same ? 1 : -1) : same));
    // Rows that an Int32Array would have changed are named as they were given.
    pairs.forEach(([first, second], pair) => {
      for (const row of [first, second])
        if (!Number.isInteger(row)) throw rowUnknown(row, rows, `pair ${pair} (counted from 0)`);
    });
    return superviseBy({ form: "pairs", rows: ends, similarity }, rows);
  }
  if (triplets) {
    requireThree(triplets, "triplet", "Give each triplet as [anchor, a row closer to it, a row further from it].");
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
  const before = new Map<string, number>();
  ends.forEach((row, at) => {
    if (row < 0 || row >= rows) throw rowUnknown(row, rows, where(at));
    const first = at - (at % 3);
    if (ends.subarray(first, at).includes(row)) {
      throw new DataError("TRIPLET_REPEATS", `row ${row} stands twice in a triplet`, {
        where: where(at),
        fix: "Name an anchor, a row closer to it, and a row further from it.",
      });
    }
    if (at % 3 < 2) return;
    const [anchor, positive, negative] = ends.subarray(first, at + 1);
    const opposite = before.get(`${anchor},${negative},${positive}`);
    if (opposite !== undefined) {
      throw new DataError("TRIPLETS_CONTRADICT", `the triplet says the opposite of ${where(opposite)}`, {
        where: where(at),
        fix: "Leave one of the two out.",
      });
    }
    before.set(`${anchor},${positive},${negative}`, at);
  });
  if (ends.length === 0) {
    throw new DataError("TRIPLETS_EMPTY", "there are no triplets", { where: "triplets", fix: "Give at least one." });
  }
}

/** A key that is not known would be a supervision that is silently not used. @throws ConfigError SUPERVISION_UNKNOWN */
export function requireKnownKeys(known: KnownOfRows): void {
  if (Array.isArray(known) || ArrayBuffer.isView(known)) {
    throw new ConfigError("SUPERVISION_UNKNOWN", "a list does not say whether it holds labels, pairs or triplets", {
      where: "MetricLearning.fit",
      fix: "Name it: fit(rows, { labels }).",
    });
  }
  const unknown = Object.keys(known).find((key) => !(KEYS as readonly string[]).includes(key));
  if (unknown === undefined) return;
  throw new ConfigError("SUPERVISION_UNKNOWN", `unknown key "${unknown}"`, {
    where: "MetricLearning.fit",
    fix: suggest(unknown, KEYS),
  });
}

function requireThree(tuples: readonly (readonly unknown[])[], what: string, fix: string): void {
  const at = tuples.findIndex((tuple) => tuple?.length !== 3);
  if (at < 0) return;
  const where = `${what} ${at} (counted from 0)`;
  throw new DataError("SUPERVISION_INVALID", `a ${what} has ${tuples[at]?.length ?? "no"} entries, not 3`, {
    where,
    fix,
  });
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
  classes.forEach((own, row) => {
    const twice = own.find((name, at) => own.indexOf(name) < at);
    if (twice === undefined) return;
    throw new DataError("CLASS_REPEATS", `row ${row} is of class ${JSON.stringify(twice)} twice`, {
      where: "multiLabels",
      fix: 'Give the classes of each row by name, each once, such as [["red", "round"], ["red"]]; a table of 0 and 1 is not taken.',
    });
  });
  const { indices, names } = numbered(classes.flat());
  const data = new Float32Array(classes.length * names.length);
  let at = 0;
  classes.forEach((own, row) => {
    for (const _ of own) data[row * names.length + indices[at++]!] = 1;
  });
  return { form: "multi-labels", memberships: ndarray("float32", [classes.length, names.length], data), names };
}
