import { add, compareRows, defineLoss, full, relu, sub, sum } from "@semblance/core";
import { z } from "zod";
import { maskedLogSumExp } from "../masked-log-sum-exp.js";
import { monitorPairs } from "../monitor-pairs.js";
import { pairInputs } from "../pair-inputs.js";
import { divergenceKey, marginKey, normaliseKey, orderKey } from "../pair-keys.js";
import { reduceMasked, reductionKey } from "../reduction.js";
import { readPairs } from "./read-pairs.js";

const config = z.strictObject({
  divergence: divergenceKey("euclidean"),
  margin: marginKey(1),
  normalise: normaliseKey(false),
  order: orderKey,
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/generalised-lifted";

/**
 * All positives of an anchor against all its negatives, softly the farthest against the nearest, minimised.
 *
 *     tᵢ = [ log Σ_{j ∈ Pᵢ} e^{Dᵢⱼ} + log Σ_{k ∈ Nᵢ} e^{m − Dᵢₖ} ]₊
 *
 * Shapes   embeddings x: [n, d]; labels [n] or relations [n, n]  →  terms of anchors with both kinds [n], reduced to []
 * Laws     t ≥ 0
 * Errors   EMBEDDINGS_EMPTY, SUPERVISION_MISSING, SUPERVISION_TWICE
 * Source   Hermans, Beyer, Leibe, In Defense of the Triplet Loss for Person Re-Identification (2017), equation 11
 */
export const generalisedLifted = defineLoss({
  name: NAME,
  summary: "All positives of an anchor against all its negatives, softly the farthest against the nearest.",
  formula: "t = [ log Σ₊ e^D + log Σ₋ e^{m − D} ]₊",
  source: "Hermans, Beyer, Leibe, In Defense of the Triplet Loss for Person Re-Identification (2017), equation 11",
  config,
  examples: [{}, { divergence: "squared-euclidean", normalise: true, reduction: "sum" }],
  inputs: pairInputs,
  shards: "needs-gather",
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant"],
  divergence: ({ divergence }: Config) => divergence,
  build(inputs, { divergence, margin, normalise, order, reduction }: Config, cx) {
    const { embeddings, masks, anchors } = readPairs(inputs, NAME);
    const divergences = compareRows(cx.divergence(divergence), embeddings, { normalise, order });
    const farthest = maskedLogSumExp(divergences, anchors.positive);
    const nearest = maskedLogSumExp(sub(margin, divergences), anchors.negative);
    const asked = full([], margin, divergences.dtype);
    monitorPairs(cx, { divergences, masks, tuples: sum(anchors.valid), margin: asked });
    return reduceMasked(relu(add(farthest, nearest)), anchors.valid, { reduction });
  },
});
