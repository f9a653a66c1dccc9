import { defineMeasure, type MeasureInputs } from "@semblance/core";
import { z } from "zod";
import { distanceSetting } from "../distances/row-distance.js";
import { meanOverAnswerable } from "../retrieval/mean-over-answerable.js";
import { averagePrecisionAtR } from "../retrieval/score-query.js";
import type { RetrievalOptions } from "./recall-at-k.js";

/**
 * Mean average precision at R: R-precision that also rewards putting the right rows first.
 *
 *     MAP@R = mean_q (1/R_q) Σ_{r ≤ R_q} rel_r · (hits in the first r)/r        embeddings: [N, D], labels: [N] → [0, 1]
 *
 * Divided by R, not by the number of hits.
 *
 * Edges    queries with R_q = 0 are left out
 * Laws     MAP@R ≤ R-precision
 * Errors   NOTHING_TO_RETRIEVE when all are; those of `retrievalProblem`
 * Source   Musgrave, Belongie, Lim, "A Metric Learning Reality Check", ECCV 2020
 */
export function mapAtR(inputs: MeasureInputs, { distance = "euclidean" }: RetrievalOptions = {}): number {
  return meanOverAnswerable("map-at-r", inputs, distance, averagePrecisionAtR);
}

export const mapAtRMeasure = defineMeasure({
  name: "map-at-r",
  summary: "Average precision over a query's R nearest rows, where its class has R other rows.",
  formula: "MAP@R = mean_q (1/R_q) Σ_{r ≤ R_q} rel_r · prec(r)",
  source: "Musgrave, Belongie & Lim, A Metric Learning Reality Check, ECCV 2020",
  config: z.strictObject({ distance: distanceSetting }),
  needs: "embeddings",
  higherIsBetter: true,
  compute: mapAtR,
});
