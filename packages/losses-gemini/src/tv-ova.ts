import { abs, div, sum } from "@semblance/core";
import { z } from "zod";
import { defineGemini } from "./define-gemini.js";
import { deviationsOf } from "./deviations.js";
import { clustersKey } from "./posteriors.js";

/**
 * Total-variation GEMINI, one against all. Minimised as −G.
 *
 *     G = Σₖ πₖ TV(p(x|k), p(x)) = (1/2N) Σᵢ Σₖ |pᵢₖ − πₖ|,   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * Shapes   posteriors p: [n, k]  →  []
 * Laws     0 ≤ G ≤ 1 − Σ π², reached by one-hot rows; G² ≤ ½ KL one-vs-all; 0 for equal rows, with gradient 0 (sign 0 = 0); unchanged
 *          by permuting rows or columns, by repeating the rows, by splitting a column in proportion and by empty columns
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1
 */
export const tvOva = defineGemini({
  name: "tv-ova",
  summary: "Total variation between each cluster's samples and the data's, TV one-vs-all.",
  formula: "G = (1/2N) Σᵢ Σₖ |pᵢₖ − πₖ|",
  config: z.strictObject({ clusters: clustersKey }),
  examples: [{}, { clusters: 3 }],
  score: (p) => div(sum(abs(deviationsOf(p).deviations)), 2 * p.shape[0]!),
});
