import { div, equal, mean, mul, sub, sum } from "@semblance/core";
import { z } from "zod";
import { defineGemini } from "./define-gemini.js";
import { logPosteriors, logShares } from "./log-posteriors.js";
import { clustersKey } from "./posteriors.js";

/**
 * Kullback–Leibler GEMINI, one against all: the mutual information of cluster and sample. Minimised as −G.
 *
 *     G = (1/N) Σᵢ Σₖ pᵢₖ log(pᵢₖ/πₖ) = H(π) − (1/N) Σᵢ H(pᵢ),   πₖ = (1/N) Σᵢ pᵢₖ,   0·log 0 = 0
 *
 * Shapes   posteriors p: [n, k]  →  []
 * Laws     0 ≤ G ≤ H(π) ≤ log K; H(π) for one-hot rows, 0 for equal rows; unchanged by permuting rows or columns, by repeating
 *          the rows, by splitting a column in proportion and by empty columns
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, equation 1 and table 1
 */
export const klOva = defineGemini({
  name: "kl-ova",
  summary: "Mutual information of clusters and samples, KL one-vs-all.",
  formula: "G = (1/N) Σᵢ Σₖ pᵢₖ log(pᵢₖ/πₖ)",
  config: z.strictObject({ clusters: clustersKey }),
  examples: [{}, { clusters: 3 }],
  score(p) {
    const pi = mean(p, { axes: [0], keepDims: true });
    // The difference of two logarithms, not the logarithm of p/π: where a whole column is as small as float32 can be, the
    // derivative of that quotient overflows. 0·log 0 is left out before it is computed.
    const difference = sub(logPosteriors(p, equal(p, 0)), logShares(pi));
    return div(sum(mul(p, difference)), p.shape[0]!);
  },
});
