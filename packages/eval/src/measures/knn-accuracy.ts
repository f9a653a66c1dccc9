import { defineMeasure, type MeasureInputs } from "@semblance/core";
import { z } from "zod";
import { distanceSetting } from "../distances/row-distance.js";
import { settingInvalid, tooFewRows } from "../errors.js";
import { forEachNeighbourhood, retrievalProblem } from "../retrieval/retrieval-problem.js";
import { type NeighbourWeights, vote } from "../retrieval/score-query.js";
import type { RetrievalOptions } from "./recall-at-k.js";

/**
 * Accuracy of k-nearest-neighbour classification.
 *
 *     ŷ_q = arg max_c Σ_{r ≤ k} w_r [y_r = c]        w = 1, or 1/distance        embeddings: [N, D], labels: [N] → [0, 1]
 *
 * Neighbours come from the gallery, ties by its order; without a gallery each query is left out of its own neighbours.
 *
 * Edges    vote ties → the smallest label; with distance weights, exact matches take all; k beyond the gallery takes all of it
 * Errors   SETTING_INVALID, TOO_FEW_ROWS; those of `retrievalProblem`
 * Source   Cover, Hart, "Nearest Neighbor Pattern Classification", IEEE Transactions on Information Theory 13 (1967)
 */
export function knnAccuracy(
  inputs: MeasureInputs,
  {
    k = 5,
    weights = "uniform",
    distance = "euclidean",
  }: RetrievalOptions & { readonly k?: number; readonly weights?: NeighbourWeights } = {},
): number {
  if (!Number.isInteger(k) || k < 1) throw settingInvalid("k", "a whole number of at least 1", k);
  const problem = retrievalProblem("knn-accuracy", inputs);
  if (problem.leaveOneOut && problem.queries.rows < 2) throw tooFewRows("leave-one-out", problem.queries.rows, 2);
  let right = 0;
  forEachNeighbourhood(
    problem,
    distance,
    () => k,
    (query, neighbours, distances) => {
      const distanceOf = (rank: number) => distances[neighbours[rank]!]!;
      if (vote(neighbours, distanceOf, problem.galleryLabels, weights) === problem.labels[query]) right++;
    },
  );
  return right / problem.queries.rows;
}

export const knnAccuracyMeasure = defineMeasure({
  name: "knn-accuracy",
  summary: "Accuracy of classifying each row by a vote of its nearest neighbours.",
  formula: "ŷ = arg max_c Σ_{r ≤ k} w_r [y_r = c]",
  source: "Cover & Hart, IEEE Transactions on Information Theory 13 (1967)",
  config: z.strictObject({
    k: z.int().min(1).default(5).describe("How many neighbours vote."),
    weights: z
      .enum(["uniform", "distance"])
      .default("uniform")
      .describe("One vote each, or 1/distance votes with exact matches taking all."),
    distance: distanceSetting,
  }),
  needs: "embeddings",
  higherIsBetter: true,
  compute: knnAccuracy,
});
