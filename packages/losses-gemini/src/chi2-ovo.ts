import { add, div, equal, exp, mean, mul, sub, sum, where } from "@semblance/core";
import { z } from "zod";
import { defineGemini } from "./define-gemini.js";
import { deviationsOf } from "./deviations.js";
import { logPosteriors, logShares } from "./log-posteriors.js";
import { clustersKey } from "./posteriors.js";

/**
 * χ² GEMINI, one against one. Minimised as −G.
 *
 *     G = Σₐ Σ_b πₐ π_b χ²(p(x|a) ‖ p(x|b)) = (1/N) Σᵢ αᵢ βᵢ − 1,   αᵢ = Σₖ pᵢₖ²/πₖ,   βᵢ = Σₖ πₖ²/pᵢₖ,   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * computed as (1/N) Σᵢ (a + b + ab) with a = α − 1 = Σₖ (p − π)²/π and b = β − 1 = Σₖ (p − π)(1 − π/p), which nothing cancels in. It is
 * 0 at independence; others report ½(1 + G). It has no upper bound and grows as 1/p: π/p is exp(log π − log p), with log p from the
 * logits where there are some, so that no derivative holds 1/p².
 *
 * Shapes   posteriors p: [n, k]  →  []
 * Laws     χ² one-vs-all ≤ G; 0 for equal rows; unchanged by permuting rows or columns, by repeating the rows, by splitting a column in
 *          proportion and by empty columns
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH
 * Source   the one-vs-one form of Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, equation 8
 */
export const chi2Ovo = defineGemini({
  name: "chi2-ovo",
  summary: "Mean χ² divergence between the samples of two clusters, one-vs-one; 0 at independence, no upper bound.",
  formula: "G = (1/N) Σᵢ (Σₖ pᵢₖ²/πₖ)(Σₖ πₖ²/pᵢₖ) − 1",
  config: z.strictObject({ clusters: clustersKey }),
  examples: [{}, { clusters: 3 }],
  score(p) {
    const { shares, deviations } = deviationsOf(p);
    const empty = equal(shares, 0);
    const forward = sum(mul(deviations, div(deviations, where(empty, 1, shares))), { axes: [1] });
    const quotients = exp(sub(logShares(shares), logPosteriors(p, empty)));
    const backward = sum(mul(deviations, sub(1, quotients)), { axes: [1] });
    return mean(add(add(forward, backward), mul(forward, backward)));
  },
});
