import { type Arrays, type Backend, type Catalogue, isSemblanceError, type NdArray, ndarray } from "@semblance/core";
import type { Comparison } from "@semblance/estimators";
import { evaluateRetrieval } from "@semblance/eval";
import type { Component } from "../job/job-schema.js";
import { measureLabel, type Score } from "./score.js";

/** What embeddings are compared by: the divergence that the loss has learned them for, with its weights. */
export interface ComparedBy {
  readonly backend: Backend;
  readonly catalogue: Catalogue;
  readonly comparison: Comparison;
  readonly weights: Arrays;
}

const RETRIEVAL = ["recall-at-k", "precision-at-1", "r-precision", "map-at-r", "knn-accuracy"];
/** What a measure says where nobody chose a distance. */
const STANDARD = "euclidean";

/** Whether a measure looks for neighbours and leaves it to the loss by what. */
export function isByDivergence({ name, distance }: Component, { catalogue, comparison }: ComparedBy): boolean {
  const { entry } = catalogue.choose("divergence", comparison.divergence);
  return RETRIEVAL.includes(name) && (distance ?? STANDARD) === STANDARD && entry.matrix !== undefined;
}

/** Scores neighbours under the divergence of the loss, in its order: D(query, stored) unless the loss says otherwise. */
export async function scoreRetrieval(
  measures: readonly Component[],
  { embeddings, labels }: { readonly embeddings: NdArray; readonly labels: ArrayLike<number> },
  { backend, catalogue, comparison, weights }: ComparedBy,
): Promise<Score[]> {
  const named = measures.map((measure) => {
    const { higherIsBetter } = catalogue.get("measure", measure.name);
    return { name: measureLabel(catalogue, measure), higherIsBetter };
  });
  try {
    const { divergence, normalise, order } = comparison;
    const values = await evaluateRetrieval({
      backend,
      catalogue,
      divergence,
      parameters: weights,
      order,
      embeddings: normalise ? unitRows(embeddings) : embeddings,
      labels,
      measures: measures.map(({ distance: _, ...measure }) => measure),
    });
    return named.map((each, at) => ({ ...each, value: values[at]!.value }));
  } catch (error) {
    if (!isSemblanceError(error)) throw error;
    return named.map((each) => ({ ...each, reason: error.message }));
  }
}

/** Rows of length 1; a row of zeros stays as it is. */
export function unitRows({ dtype, shape, data }: NdArray): NdArray {
  const width = shape[1]!;
  const out = Float64Array.from(data);
  for (let start = 0; start < out.length; start += width) {
    const row = out.subarray(start, start + width);
    const length = Math.hypot(...row);
    if (length > 0) for (let k = 0; k < width; k++) row[k] = row[k]! / length;
  }
  return dtype === "float32" ? ndarray("float32", shape, out) : ndarray("float64", shape, out);
}
