import type { NdArray } from "../arrays/nd-array.js";
import { chainsOf } from "./groups.js";

/** What is known of which rows belong together, where that is more or less than one class for each row. */
export type Supervision = PairSupervision | TripletSupervision | MultiLabels;

/** Some pairs of rows, with how similar they are. */
export interface PairSupervision {
  readonly form: "pairs";
  /** [p·2]: the rows of each pair. */
  readonly rows: Int32Array;
  /** [p]: 1 similar, −1 dissimilar; anything between for a degree. */
  readonly similarity: Float32Array;
  /** What two rows are taken for of which no pair says anything; `unknown` by default. */
  readonly otherPairs?: OtherPairs;
}

/**
 * `different` is an assumption: of two rows drawn blindly nearly all differ where there are many kinds of them. It lets a batch of a few pairs
 * be learned from as a whole.
 */
export const OTHER_PAIRS = ["unknown", "different"] as const;
export type OtherPairs = (typeof OTHER_PAIRS)[number];

/** Rows of which the first is closer to the second than to the third. */
export interface TripletSupervision {
  readonly form: "triplets";
  /** [t·3]: anchor, positive, negative. */
  readonly rows: Int32Array;
}

/** Several classes for a row: rows that share one belong together. */
export interface MultiLabels {
  readonly form: "multi-labels";
  /** [n, c]: 1 where a row is of a class. */
  readonly memberships: NdArray<"float32">;
  readonly names: readonly string[];
}

/** For any rows, how they belong together: [b·b], row-major, 1 similar, −1 dissimilar, 0 unknown or the row itself. */
export type Relate = (rows: Int32Array) => Float32Array;

/** Prepares a supervision for being asked again and again, batch by batch. */
export function relationsOf(supervision: Supervision): Relate {
  switch (supervision.form) {
    case "pairs":
      return relateByPairs(supervision);
    case "triplets":
      return relateByTriplets(supervision);
    case "multi-labels":
      return relateByMemberships(supervision);
    default:
      return supervision satisfies never;
  }
}

/**
 * What pairs say, and what follows: who is the same as the same is the same, and who differs from the same differs. Degrees between say
 * nothing of other rows.
 */
function relateByPairs(pairs: PairSupervision): Relate {
  const { rows, similarity } = pairs;
  const beyond = pairs.otherPairs === "different" ? -1 : 0;
  const chains = chainsOf(pairs);
  const given = new Map<string, number>();
  const apart = new Set<string>();
  similarity.forEach((value, pair) => {
    const [a, b] = [rows[2 * pair]!, rows[2 * pair + 1]!];
    given.set(named(a, b), value);
    if (value === -1) apart.add(named(chains.of(a), chains.of(b)));
  });
  return between((a, b) => {
    const value = given.get(named(a, b));
    if (value !== undefined) return value;
    const [first, second] = [chains.of(a), chains.of(b)];
    if (first === second) return 1;
    return apart.has(named(first, second)) ? -1 : beyond;
  });
}

const named = (a: number, b: number) => (a < b ? `${a},${b}` : `${b},${a}`);

/** An order of three says nothing of the distance of the last two. */
function relateByTriplets({ rows }: TripletSupervision): Relate {
  const known = new Map<number, Map<number, number>>();
  for (let at = 0; at < rows.length; at += 3) {
    const own = known.get(rows[at]!) ?? new Map<number, number>();
    own.set(rows[at + 1]!, 1);
    own.set(rows[at + 2]!, -1);
    known.set(rows[at]!, own);
  }
  return between((a, b) => known.get(a)?.get(b) ?? 0);
}

function relateByMemberships({ memberships: { shape, data } }: MultiLabels): Relate {
  const classes = shape[1] ?? 0;
  return between((a, b) => {
    for (let c = 0; c < classes; c++) if (data[a * classes + c]! > 0 && data[b * classes + c]! > 0) return 1;
    return -1;
  });
}

function between(relation: (a: number, b: number) => number): Relate {
  return (rows) => {
    const size = rows.length;
    const matrix = new Float32Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) if (rows[i] !== rows[j]) matrix[i * size + j] = relation(rows[i]!, rows[j]!);
    }
    return matrix;
  };
}
