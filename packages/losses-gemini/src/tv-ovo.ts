import {
  concat,
  div,
  equal,
  matmul,
  mul,
  reshape,
  sign,
  slice,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
} from "@semblance/core";
import { z } from "zod";
import { defineGemini } from "./define-gemini.js";
import { deviationsOf } from "./deviations.js";
import { clustersKey } from "./posteriors.js";

/**
 * Total-variation GEMINI, one against one. Minimised as −G.
 *
 *     G = Σₐ Σ_b πₐ π_b TV(p(x|a), p(x|b)) = (1/2N) Σᵢ Σₐ Σ_b |pᵢₐ π_b − pᵢ_b πₐ|,   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * With dᵢₖ = pᵢₖ − πₖ and the order of the ratios d/π in each row, sᵢₐ_b = sign(dᵢₐ/πₐ − dᵢ_b/π_b), this is
 *
 *     G = (1/N) Σᵢ Σₐ dᵢₐ Σ_b sᵢₐ_b π_b
 *
 * where s is constant, but for the kinks, so that derivatives of every order are right and only signs are compared pair by pair.
 *
 * Shapes   posteriors p: [n, k]  →  []
 * Time     O(nk²); memory O(nk) beside a block of at most 2²⁰ signs
 * Laws     TV one-vs-all ≤ G ≤ 2 TV one-vs-all, equal to it for two clusters; G ≤ 1 − Σ π², reached by one-hot rows; 0 for equal rows,
 *          with gradient 0 (sign 0 = 0); unchanged by permuting rows or columns, by repeating the rows, by splitting a column in
 *          proportion and by empty columns
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1
 */
export const tvOvo = defineGemini({
  name: "tv-ovo",
  summary: "Mean total variation between the samples of two clusters, TV one-vs-one.",
  formula: "G = (1/2N) Σᵢ Σₐ Σ_b |pᵢₐ π_b − pᵢ_b πₐ|",
  config: z.strictObject({ clusters: clustersKey }),
  examples: [{}, { clusters: 3 }],
  score(p) {
    const { shares, deviations } = deviationsOf(p);
    const ratios = stopGradient(div(deviations, where(equal(shares, 0), 1, shares)));
    return div(sum(mul(deviations, signedShares(ratios, shares))), p.shape[0]!);
  },
});

/** Signs that are held at a time. */
const BLOCK = 2 ** 20;

/** Σ_b sign(rₐ − r_b) π_b for each row of r [n, k] and cluster a: how much share lies below a ratio, less how much above. */
function signedShares(ratios: Tensor, shares: Tensor): Tensor {
  const [n, k] = ratios.shape as [number, number];
  const width = Math.max(1, Math.min(k, Math.floor(BLOCK / (n * k))));
  const weights = reshape(shares, [k, 1]);
  const others = reshape(ratios, [n, 1, k]);
  const blocks: Tensor[] = [];
  for (let start = 0; start < k; start += width) {
    const end = Math.min(k, start + width);
    const own = reshape(slice(ratios, { axis: 1, start, end }), [n, end - start, 1]);
    const signs = reshape(sign(sub(own, others)), [n * (end - start), k]);
    blocks.push(reshape(matmul(signs, weights), [n, end - start]));
  }
  return concat(blocks, 1);
}
