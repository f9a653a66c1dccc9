import { defineMeasure, type MeasureInputs } from "@semblance/core";
import { z } from "zod";
import { distanceSetting } from "../distances/row-distance.js";
import { meanOverAnswerable } from "../retrieval/mean-over-answerable.js";
import { precisionAtR } from "../retrieval/score-query.js";
import type { RetrievalOptions } from "./recall-at-k.js";

/**
 * R-precision: of the first R_q neighbours, the share that is of the query's class, where R_q rows of it exist.
 *
 *     RP = mean_q (1/R_q) Σ_{r ≤ R_q} rel_r        embeddings: [N, D], labels: [N] → [0, 1]
 *
 * Edges    queries with R_q = 0 are left out
 * Errors   NOTHING_TO_RETRIEVE when all are; those of `retrievalProblem`
 * Source   Musgrave, Belongie, Lim, "A Metric Learning Reality Check", ECCV 2020
 */
export function rPrecision(inputs: MeasureInputs, { distance = "euclidean" }: RetrievalOptions = {}): number {
  return meanOverAnswerable("r-precision", inputs, distance, precisionAtR);
}

export const rPrecisionMeasure = defineMeasure({
  name: "r-precision",
  summary: "Share of a query's R nearest rows that are of its class, which has R other rows.",
  formula: "RP = mean_q (1/R_q) Σ_{r ≤ R_q} rel_r",
  source: "Musgrave, Belongie & Lim, A Metric Learning Reality Check, ECCV 2020",
  config: z.strictObject({ distance: distanceSetting }),
  needs: "embeddings",
  higherIsBetter: true,
  compute: rPrecision,
});
