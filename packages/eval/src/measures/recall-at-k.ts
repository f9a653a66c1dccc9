import { defineMeasure, type MeasureInputs } from "@semblance/core";
import { z } from "zod";
import { type DistanceName, distanceSetting } from "../distances/row-distance.js";
import { settingInvalid } from "../errors.js";
import { forEachNeighbourhood, retrievalProblem } from "../retrieval/retrieval-problem.js";

/** How a retrieval measure looks for neighbours. */
export interface RetrievalOptions {
  readonly distance?: DistanceName;
}

/**
 * Recall@K: the share of queries with at least one row of their class among the K nearest. Not recall in the sense of
 * information retrieval.
 *
 *     R@K = (1/N) Σ_q [∃ r ≤ K: y_r = y_q]        embeddings: [N, D], labels: [N] → [0, 1]
 *
 * Without a gallery each query is left out of its own neighbours. Ties go to the lower index.
 *
 * Edges    a class with one member is a miss, as in the CUB, Cars and SOP protocols; K beyond the gallery takes all of it
 * Laws     non-decreasing in K
 * Errors   SETTING_INVALID; those of `retrievalProblem`
 * Source   Jégou, Douze, Schmid, "Product Quantization for Nearest Neighbor Search", IEEE TPAMI 33 (2011)
 */
export function recallAtK(
  inputs: MeasureInputs,
  { k = 1, distance = "euclidean" }: RetrievalOptions & { readonly k?: number } = {},
): number {
  if (!Number.isInteger(k) || k < 1) throw settingInvalid("k", "a whole number of at least 1", k);
  const problem = retrievalProblem("recall-at-k", inputs);
  let hits = 0;
  forEachNeighbourhood(
    problem,
    distance,
    () => k,
    (query, neighbours) => {
      if (neighbours.some((index) => problem.galleryLabels[index] === problem.labels[query])) hits++;
    },
  );
  return hits / problem.queries.rows;
}

export const recallAtKMeasure = defineMeasure({
  name: "recall-at-k",
  summary: "Share of queries with a row of their class among the k nearest.",
  formula: "R@K = (1/N) Σ_q [∃ r ≤ K: y_r = y_q]",
  source: "Jégou, Douze & Schmid, IEEE TPAMI 33 (2011)",
  config: z.strictObject({
    k: z.int().min(1).default(1).describe("How many neighbours are looked at."),
    distance: distanceSetting,
  }),
  needs: "embeddings",
  higherIsBetter: true,
  compute: recallAtK,
});
