import { defineMeasure, type MeasureInputs } from "@semblance/core";
import { z } from "zod";
import { distanceSetting } from "../distances/row-distance.js";
import { settingInvalid, tooFewRows } from "../errors.js";
import { forEachNeighbourhood, retrievalProblem } from "../retrieval/retrieval-problem.js";
import type { RetrievalOptions } from "./recall-at-k.js";

/** Whether every neighbour has one vote, or 1/distance votes. */
export type NeighbourWeights = "uniform" | "distance";

/** The label with the most votes; the smallest one on ties. */
function winner(votes: ReadonlyMap<number, number>): number {
  let best = Number.NaN;
  let most = Number.NEGATIVE_INFINITY;
  for (const [label, weight] of votes) {
    if (weight > most || (weight === most && label < best)) {
      best = label;
      most = weight;
    }
  }
  return best;
}

function vote(neighbours: Int32Array, distances: Float64Array, labels: ArrayLike<number>, weights: NeighbourWeights) {
  // Exact matches take all: 1/0 would leave nothing to compare.
  const exact = weights === "distance" && neighbours.some((index) => distances[index] === 0);
  const votes = new Map<number, number>();
  for (const index of neighbours) {
    if (exact && distances[index] !== 0) continue;
    const weight = weights === "uniform" || exact ? 1 : 1 / distances[index]!;
    votes.set(labels[index]!, (votes.get(labels[index]!) ?? 0) + weight);
  }
  return winner(votes);
}

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
      if (vote(neighbours, distances, problem.galleryLabels, weights) === problem.labels[query]) right++;
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
