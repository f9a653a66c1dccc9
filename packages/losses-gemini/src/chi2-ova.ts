import { div, equal, mul, sum, where } from "@semblance/core";
import { z } from "zod";
import { defineGemini } from "./define-gemini.js";
import { deviationsOf } from "./deviations.js";
import { clustersKey } from "./posteriors.js";

/**
 * χ² GEMINI, one against all: squared-loss mutual information. Minimised as −G.
 *
 *     G = Σₖ πₖ χ²(p(x|k) ‖ p(x)) = (1/N) Σᵢ Σₖ pᵢₖ²/πₖ − 1 = (1/N) Σᵢ Σₖ (pᵢₖ − πₖ)²/πₖ,   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * It is 0 at independence. Others report ½(1 + G), or ½G.
 *
 * Shapes   posteriors p: [n, k]  →  []
 * Laws     0 ≤ G ≤ used clusters − 1, reached by one-hot rows; KL one-vs-all ≤ log(1 + G); unchanged by permuting rows or columns, by
 *          repeating the rows, by splitting a column in proportion and by empty columns
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH
 * Source   Sugiyama et al., On Information-Maximization Clustering, ICML 2011, equation 5, twice its value
 */
export const chi2Ova = defineGemini({
  name: "chi2-ova",
  summary: "χ² divergence between each cluster's samples and the data's, one-vs-all; 0 at independence.",
  formula: "G = (1/N) Σᵢ Σₖ pᵢₖ²/πₖ − 1",
  config: z.strictObject({ clusters: clustersKey }),
  examples: [{}, { clusters: 3 }],
  score(p) {
    const { shares, deviations } = deviationsOf(p);
    // The quotient first: it is at most N, where the square of a nearly empty cluster's deviation would vanish.
    const ratios = div(deviations, where(equal(shares, 0), 1, shares));
    return div(sum(mul(deviations, ratios)), p.shape[0]!);
  },
});
