import { defineMeasure, type MeasureInputs } from "@semblance/core";
import { z } from "zod";
import { distanceSetting } from "../distances/row-distance.js";
import { type RetrievalOptions, recallAtK } from "./recall-at-k.js";

/**
 * Precision@1: the share of queries whose nearest row is of their class, that is Recall@1 and leave-one-out 1-NN accuracy.
 *
 *     P@1 = (1/N) Σ_q [y_{nn(q)} = y_q]        embeddings: [N, D], labels: [N] → [0, 1]
 *
 * Edges and errors are those of `recallAtK`.
 */
export function precisionAt1(inputs: MeasureInputs, options: RetrievalOptions = {}): number {
  return recallAtK(inputs, { ...options, k: 1 });
}

export const precisionAt1Measure = defineMeasure({
  name: "precision-at-1",
  summary: "Share of queries whose nearest row is of their class.",
  formula: "P@1 = (1/N) Σ_q [y_{nn(q)} = y_q]",
  source: "Musgrave, Belongie & Lim, A Metric Learning Reality Check, ECCV 2020",
  config: z.strictObject({ distance: distanceSetting }),
  needs: "embeddings",
  higherIsBetter: true,
  compute: precisionAt1,
});
