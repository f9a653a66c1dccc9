import { add, defineLoss, div, mul, softplus, sub, sum } from "@semblance/core";
import { z } from "zod";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { maskedLogSumExp } from "../masked-log-sum-exp.js";
import { monitorPairs } from "../monitor-pairs.js";
import { pairInputs } from "../pair-inputs.js";
import { normaliseKey } from "../pair-keys.js";
import { reduceRows, reductionKey } from "../reduction.js";
import { readPairs } from "./read-pairs.js";
import { asDivergences, similarities } from "./similarities.js";

const config = z.strictObject({
  alpha: z.number().positive().default(2).describe("α, how sharply the least similar positives count"),
  beta: z.number().positive().default(50).describe("β, how sharply the most similar negatives count"),
  base: z.number().default(0.5).describe("λ, the similarity that positives should be above and negatives below"),
  normalise: normaliseKey(true),
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/multi-similarity";

/**
 * Positives and negatives of each anchor, weighted by how they compare with one another, minimised.
 *
 *     tᵢ = (1/α) log(1 + Σ_{j ∈ Pᵢ} exp(−α(Sᵢⱼ − λ))) + (1/β) log(1 + Σ_{k ∈ Nᵢ} exp(β(Sᵢₖ − λ))),     S = u·u
 *
 * Shapes   embeddings x: [n, d]; labels [n] or relations [n, n]  →  terms [n], all anchors valid, reduced to []
 * Laws     t ≥ 0; a part without pairs is exactly 0; unchanged by a rotation; of unit vectors, unchanged by their lengths
 * Errors   EMBEDDINGS_EMPTY, SUPERVISION_MISSING, SUPERVISION_TWICE
 * Source   Wang et al., Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning (CVPR 2019), equation 15
 */
export const multiSimilarity = defineLoss({
  name: NAME,
  summary: "Positives and negatives of each anchor, weighted by how they compare with one another.",
  formula: "t = (1/α) log(1 + Σ₊ exp(−α(S − λ))) + (1/β) log(1 + Σ₋ exp(β(S − λ)))",
  source:
    "Wang et al., Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning (CVPR 2019), equation 15",
  config,
  examples: [{}, { alpha: 1, beta: 10, base: 0.2, reduction: "sum" }, { beta: 1, normalise: false }],
  inputs: pairInputs,
  shards: "needs-gather",
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant", scaleInvariant],
  build(inputs, { alpha, beta, base, normalise, reduction }: Config, cx) {
    const { embeddings, masks, anchors } = readPairs(inputs, NAME);
    const similarity = similarities(embeddings, normalise);
    const above = sub(similarity, base);
    const pull = softplus(maskedLogSumExp(mul(above, -alpha), anchors.positive));
    const push = softplus(maskedLogSumExp(mul(above, beta), anchors.negative));
    const tuples = add(sum(masks.positive), sum(masks.negative));
    monitorPairs(cx, { divergences: asDivergences(similarity), masks, tuples });
    return reduceRows(add(div(pull, alpha), div(push, beta)), reduction);
  },
});
