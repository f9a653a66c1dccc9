import { compareRows, defineLoss, mul, softplus, sub, sum } from "@semblance/core";
import { z } from "zod";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { maskedLogSumExp } from "../masked-log-sum-exp.js";
import { monitorPairs } from "../monitor-pairs.js";
import { pairInputs } from "../pair-inputs.js";
import { divergenceKey, normaliseKey, orderKey } from "../pair-keys.js";
import { reduceMasked, reductionKey } from "../reduction.js";
import { readPairs } from "./read-pairs.js";

const config = z.strictObject({
  divergence: divergenceKey("squared-euclidean"),
  scale: z.number().positive().default(1).describe("s, the factor of the divergences"),
  normalise: normaliseKey(true),
  order: orderKey,
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/nca";

/**
 * Neighbourhood components analysis: the probability that an anchor's neighbour, drawn by divergence, is of its class, minimised.
 *
 *     tᵢ = −log Σ_{j ∈ Pᵢ} softmax_{j ≠ i}(−s Dᵢⱼ) = softplus( log Σ_{k ∈ Nᵢ} e^{−s Dᵢₖ} − log Σ_{j ∈ Pᵢ} e^{−s Dᵢⱼ} )
 *
 * Shapes   embeddings x: [n, d]; labels [n] or relations [n, n]  →  terms of anchors with both kinds [n], reduced to []
 * Laws     t ≥ 0; finite where the softmax underflows
 * Errors   EMBEDDINGS_EMPTY, SUPERVISION_MISSING, SUPERVISION_TWICE
 * Source   Goldberger et al., Neighbourhood Components Analysis (NIPS 2004)
 */
export const nca = defineLoss({
  name: NAME,
  summary: "Probability that a neighbour drawn by divergence is of the anchor's class.",
  formula: "t = −log Σ₊ softmax_{j≠i}(−s D)",
  source: "Goldberger et al., Neighbourhood Components Analysis (NIPS 2004)",
  config,
  examples: [{}, { scale: 5, reduction: "sum" }, { normalise: false }],
  inputs: pairInputs,
  shards: "needs-gather",
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant", scaleInvariant],
  divergence: ({ divergence }: Config) => divergence,
  build(inputs, { divergence, scale, normalise, order, reduction }: Config, cx) {
    const { embeddings, masks, anchors } = readPairs(inputs, NAME);
    const divergences = compareRows(cx.divergence(divergence), embeddings, { normalise, order });
    const logits = mul(divergences, -scale);
    const odds = sub(maskedLogSumExp(logits, anchors.negative), maskedLogSumExp(logits, anchors.positive));
    monitorPairs(cx, { divergences, masks, tuples: sum(anchors.valid) });
    return reduceMasked(softplus(odds), anchors.valid, { reduction });
  },
});
