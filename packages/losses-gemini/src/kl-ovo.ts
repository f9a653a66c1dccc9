import { clamp, div, equal, mul, sub, sum } from "@semblance/core";
import { z } from "zod";
import { defineGemini } from "./define-gemini.js";
import { deviationsOf } from "./deviations.js";
import { logPosteriors, logShares } from "./log-posteriors.js";
import { clustersKey } from "./posteriors.js";

const config = z.strictObject({
  clusters: clustersKey,
  floor: z
    .number()
    // What float32 holds with room for its logarithm and a quotient.
    .min(1e-30)
    .max(0.1)
    .optional()
    .describe("what posteriors below it count as, 1e-30 to 0.1, which bounds the score; without it they are exact"),
});

/**
 * Kullback–Leibler GEMINI, one against one. Minimised as −G.
 *
 *     G = Σₐ Σ_b πₐ π_b KL(p(x|a) ‖ p(x|b)) = (1/N) Σᵢ Σₖ (pᵢₖ − πₖ)(log pᵢₖ − log πₖ),   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * It has no upper bound: G = ∞ where a cluster that is used has a posterior of exactly 0. A softmax never reaches that, though its
 * float32 values do, so in training log p comes from the logits. Nothing then keeps training from growing what a few clusters have
 * between them for ever, and the others stay empty. With `floor` ε, pᵢₖ below ε counts as ε and has no gradient: G ≤ log K + log 1/ε, and
 * of one-hot rows G = (1 − Σ π²)·log 1/ε, so that further clusters pay. The authors' program has ε = 10⁻¹².
 *
 * Shapes   posteriors p: [n, k]  →  []
 * Laws     0 ≤ KL one-vs-all ≤ G; 0 for equal rows; unchanged by permuting rows or columns, by repeating the rows, by splitting a column
 *          in proportion and by empty columns
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1
 */
export const klOvo = defineGemini({
  name: "kl-ovo",
  summary: "Mean KL divergence between the samples of two clusters, KL one-vs-one; no upper bound.",
  formula: "G = (1/N) Σᵢ Σₖ (pᵢₖ − πₖ)(log pᵢₖ − log πₖ)",
  config,
  examples: [{}, { clusters: 3 }, { floor: 1e-12 }],
  score(posteriors, _, { config: { floor } }) {
    const p = floor === undefined ? posteriors : clamp(posteriors, floor, 1);
    const { shares, deviations } = deviationsOf(p);
    const ratios = sub(logPosteriors(p, equal(shares, 0)), logShares(shares));
    return div(sum(mul(deviations, ratios)), p.shape[0]!);
  },
});
