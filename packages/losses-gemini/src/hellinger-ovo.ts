import { mean, mul, sub } from "@semblance/core";
import { z } from "zod";
import { defineGemini } from "./define-gemini.js";
import { hellingerDistances } from "./hellinger-distances.js";
import { clustersKey } from "./posteriors.js";

/**
 * Squared-Hellinger GEMINI, one against one. Minimised as −G.
 *
 *     G = Σₐ Σ_b πₐ π_b H²(p(x|a), p(x|b)) = 1 − (1/N) Σᵢ hᵢ²,   hᵢ = Σₖ √(pᵢₖ πₖ),   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * computed as (1/N) Σᵢ eᵢ(2 − eᵢ) with e = 1 − h, which has its digits near independence too.
 *
 * Shapes   posteriors p: [n, k]  →  []
 * Laws     Hellinger one-vs-all ≤ G ≤ 1 − Σ π², reached by one-hot rows; 0 for equal rows; unchanged by permuting rows or columns, by
 *          repeating the rows, by splitting a column in proportion and by empty columns
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1
 */
export const hellingerOvo = defineGemini({
  name: "hellinger-ovo",
  summary: "Mean squared Hellinger distance between the samples of two clusters, one-vs-one.",
  formula: "G = 1 − (1/N) Σᵢ (Σₖ √(pᵢₖ πₖ))²",
  config: z.strictObject({ clusters: clustersKey }),
  examples: [{}, { clusters: 3 }],
  score(p) {
    const distances = hellingerDistances(p);
    return mean(mul(distances, sub(2, distances)));
  },
});
