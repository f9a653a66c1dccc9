import type { Shape } from "../arrays/nd-array.js";

/**
 * A comparison of all pairs of rows of a whole data set, computed outside programs: shape [n, n], row-major. An NdArray is one; a
 * narrower type, such as Uint16Array for counts, saves memory where n is large.
 */
export interface PairTable {
  readonly shape: Shape;
  readonly data: PairNumbers;
  /** What a user should know of the data, one sentence each: a run tells them as warnings. */
  readonly warnings?: readonly string[];
  /** Why nothing can be learned by it, such as all rows being equally far from each other: training refuses the data with these words. */
  readonly unusable?: { readonly code: string; readonly message: string; readonly fix: string };
}

export type PairNumbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;
