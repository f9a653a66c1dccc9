import type { NdArray } from "../arrays/nd-array.js";
import type { PairTable } from "./pair-table.js";
import type { Supervision } from "./supervision.js";

/** Class labels: `indices[i]` in 0 … names.length − 1 is the class of row i, `names` are the classes as the file wrote them. */
export interface Labels {
  readonly indices: Int32Array;
  readonly names: readonly string[];
}

/** Rows to learn from. */
export interface Dataset {
  /** What messages and reports call it, e.g. the file's path. */
  readonly name: string;
  /** [N, …item], finite. */
  readonly features: NdArray<"float32">;
  readonly labels?: Labels;
  /** What is known of which rows belong together, where there are no labels: pairs, triplets or several classes for a row. */
  readonly supervision?: Supervision;
  /** A name for each row, all different, by which rows are spoken of; without it rows are known by their numbers from 0. */
  readonly ids?: readonly string[];
  /** A comparison of all pairs of rows [N, N], for a kernel or distance that is `precomputed`. */
  readonly affinity?: Pick<PairTable, "shape" | "data">;
  /** Names of the feature columns, where the file has some. */
  readonly columns?: readonly string[];
  /** How an item is drawn as a picture: [height, width], one channel, and the value of full ink. */
  readonly image?: { readonly height: number; readonly width: number; readonly ink: number };
  /** Licence and citation, for data that we ship. */
  readonly source?: string;
}

/** A data set with the part that is kept for scoring, where there is one. */
export interface DataSplits {
  readonly train: Dataset;
  readonly test?: Dataset;
}

export function rowsOf(data: Dataset): number {
  return data.features.shape[0] ?? 0;
}
