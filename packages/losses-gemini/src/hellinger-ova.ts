import { div, sum } from "@semblance/core";
import { z } from "zod";
import { defineGemini } from "./define-gemini.js";
import { hellingerDistances } from "./hellinger-distances.js";
import { clustersKey } from "./posteriors.js";

/**
 * Squared-Hellinger GEMINI, one against all. Minimised as −G.
 *
 *     G = Σₖ πₖ H²(p(x|k), p(x)) = 1 − (1/N) Σᵢ Σₖ √(pᵢₖ πₖ) = (1/2N) Σᵢ Σₖ (√pᵢₖ − √πₖ)²,   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * Shapes   posteriors p: [n, k]  →  []
 * Laws     0 ≤ G ≤ TV one-vs-all; G ≤ 1 − Σ π^{3/2}, reached by one-hot rows; 0 for equal rows; unchanged by permuting rows or columns,
 *          by repeating the rows, by splitting a column in proportion and by empty columns
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1
 */
export const hellingerOva = defineGemini({
  name: "hellinger-ova",
  summary: "Squared Hellinger distance between each cluster's samples and the data's, one-vs-all.",
  formula: "G = 1 − (1/N) Σᵢ Σₖ √(pᵢₖ πₖ)",
  config: z.strictObject({ clusters: clustersKey }),
  examples: [{}, { clusters: 3 }],
  score: (p) => div(sum(hellingerDistances(p)), p.shape[0]!),
});
