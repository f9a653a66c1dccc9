import type { NdArray } from "../arrays/nd-array.js";
import type { Entry } from "./entry.js";

export interface MeasureInputs {
  readonly truth?: ArrayLike<number>;
  readonly predicted?: ArrayLike<number>;
  readonly posteriors?: NdArray;
  readonly embeddings?: NdArray;
  readonly labels?: ArrayLike<number>;
  readonly gallery?: NdArray;
  readonly galleryLabels?: ArrayLike<number>;
}

/** What a measure is computed from: labels beside predictions, predictions alone, posteriors, or embeddings with labels. */
export type MeasureNeeds = "partition" | "predictions" | "posteriors" | "embeddings";

/** A number that says how good a result is. */
export interface Measure<Config = unknown> extends Entry<Config> {
  readonly kind: "measure";
  readonly needs: MeasureNeeds;
  readonly higherIsBetter: boolean;
  compute(inputs: MeasureInputs, config: Config): number;
}

export function defineMeasure<Config>(measure: Omit<Measure<Config>, "kind">): Measure<Config> {
  return { kind: "measure", ...measure };
}
