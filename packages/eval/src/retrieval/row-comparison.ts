import type { NdArray, Tensor, TypedArray } from "@semblance/core";
import type { OneToMany } from "./one-to-many.js";

/** Rows of an array [n, d], as they were given: no copy in another type is made of a large gallery. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly data: ArrayLike<number>;
}

/** How a device compares chunks of queries with chunks of the gallery. */
export interface RowComparison {
  /** Numbers that are fed for a row. */
  readonly width: number;
  fillQuery(row: number, into: TypedArray, at: number): void;
  fillStored(row: number, into: TypedArray, at: number): void;
  /** Weights of the divergence, fed beside the rows. */
  readonly parameters: Readonly<Record<string, NdArray>>;
  /** Scores of all pairs of two chunks, queries [b, width] × gallery [m, width] → [b, m]; a smaller one is nearer. */
  scores(queries: Tensor, stored: Tensor, parameters: Readonly<Record<string, Tensor>>): Tensor;
  /** Where scores are nearly in the order of the divergence: what settles which rows are the nearest. */
  readonly exact?: ExactForm;
}

/** The divergence itself, in float64, and how far the scores of a device may be from it. */
export interface ExactForm {
  /** Numbers that order pairs as the divergence does: of a query and some rows of the gallery, as many into `into`. */
  readonly keys: OneToMany;
  /** The score that a device without rounding would give a pair with this key. */
  score(query: number, key: number): number;
  /** How far off a device's score of a pair with this query may be. */
  error(query: number): number;
  /** The divergence of a pair with this key. */
  divergence(key: number): number;
}
