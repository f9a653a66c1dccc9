import type { NdArray } from "@semblance/core";
import type { ZodType } from "zod";

/**
 * What a measure reads.
 *
 * `partition`: `truth` and `predicted` (or `posteriors`, by arg max). `assignment`: `predicted` or `posteriors`.
 * `posteriors`: `posteriors`. `clustered-embeddings`: `embeddings` and the clusters as `labels` or `predicted`.
 * `labelled-embeddings`: `embeddings` and the classes as `labels`, optionally `gallery` with `galleryLabels`.
 */
export type MeasureNeeds = "partition" | "assignment" | "posteriors" | "clustered-embeddings" | "labelled-embeddings";

/** The arrays that measures compare. Labels are whole numbers, in any naming. */
export interface MeasureInputs {
  /** [N], the classes. */
  readonly truth?: ArrayLike<number>;
  /** [N], the clusters. */
  readonly predicted?: ArrayLike<number>;
  /** [N, K], rows that sum to 1. */
  readonly posteriors?: NdArray;
  /** [N, D]. */
  readonly embeddings?: NdArray;
  /** [N], the labels of `embeddings`. */
  readonly labels?: ArrayLike<number>;
  /** [M, D], where the neighbours are looked for; `embeddings` themselves without it. */
  readonly gallery?: NdArray;
  /** [M]. */
  readonly galleryLabels?: ArrayLike<number>;
}

/** A score that a user can name. */
export interface Measure<Config = unknown> {
  readonly kind: "measure";
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly formula: string;
  readonly source: string;
  /** Strict object with defaults; what `compute` is given has passed it. */
  readonly config: ZodType<Config>;
  readonly needs: MeasureNeeds;
  readonly higherIsBetter: boolean;
  /** @throws DataError or ShapeError for missing or unusable inputs; never returns NaN. */
  compute(inputs: MeasureInputs, config: Config): number;
}

/** Declares a measure; its configuration's type is inferred from the schema. */
export function defineMeasure<Config>(measure: Omit<Measure<Config>, "kind">): Measure<Config> {
  return { kind: "measure", ...measure };
}
