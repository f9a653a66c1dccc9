import type { NdArray } from "../arrays/nd-array.js";
import type { Key } from "../random/key.js";

/**
 * The laws that a loss may claim by name; the conformance suite tests them on drawn inputs (core/src/checks/laws, a file each).
 *
 * - `non-negative`, `non-positive`: the sign of the minimised value
 * - `cluster-permutation-invariant`: the order of the columns of inputs on the simplex
 * - `empty-cluster-invariant`: a column of zeros beside them changes neither value nor gradients
 * - `zero-when-independent`: 0 where all rows of the inputs on the simplex are equal
 * - `repetition-invariant`: every row twice
 * - `label-renaming-invariant`: the numbers that stand for the classes
 * - `row-shift-invariant`: a number added to each row of the differentiable real inputs, as for logits
 * - `translation-invariant`, `rotation-invariant`: all rows of the real inputs moved or turned together, owned weights with them
 */
export const LOSS_LAWS = [
  "non-negative",
  "non-positive",
  "cluster-permutation-invariant",
  "empty-cluster-invariant",
  "zero-when-independent",
  "repetition-invariant",
  "label-renaming-invariant",
  "row-shift-invariant",
  "translation-invariant",
  "rotation-invariant",
] as const;
export type LossLawName = (typeof LOSS_LAWS)[number];

type NamedArrays = Readonly<Record<string, NdArray>>;

/** A loss at a drawn point, for a law to try things on. All floats are float64. */
export interface LossLawSubject {
  readonly inputs: NamedArrays;
  /** The weights that the loss owns. */
  readonly parameters: NamedArrays;
  readonly config: unknown;
  /** For what the law itself draws. */
  readonly key: Key;
  /** Names of the inputs by what values they may hold. */
  inputsOn(domain: InputDomain): readonly string[];
  /** Value and gradients at the point, with what is given put in place of it. */
  evaluate(change?: {
    readonly inputs?: NamedArrays;
    readonly parameters?: NamedArrays;
    readonly config?: unknown;
  }): Promise<LossLawValue>;
}

export interface LossLawValue {
  readonly value: number;
  /** By input name; after projection onto the simplex for inputs that lie there. */
  readonly gradients: NamedArrays;
}

/** A law of the author's own: what is wrong at the drawn point, or undefined where the law holds. */
export interface LossLaw {
  readonly name: string;
  check(subject: LossLawSubject): Promise<string | undefined>;
}

/**
 * What values an input may hold, so that tests can draw some.
 *
 * `real` (the default of floats), `positive`, `unit` [0, 1]; rows on the `simplex` or the unit `sphere`; square matrices: an
 * `affinity` is symmetric and positive semi-definite, `distances` are symmetric with zeros on the diagonal, `relations` hold 1 for
 * similar, −1 for dissimilar and 0 for unknown pairs; whole numbers: `labels`
 * (the default of int32) are classes from 0, `indices` are numbers of rows.
 */
export type InputDomain =
  | "real"
  | "positive"
  | "unit"
  | "simplex"
  | "sphere"
  | "affinity"
  | "distances"
  | "relations"
  | "labels"
  | "indices";
