import {
  abs,
  add,
  cast,
  compareRows,
  defineLoss,
  exp,
  type FloatDType,
  full,
  log1p,
  maximum,
  mul,
  neg,
  or,
  relu,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
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
const NAME = "metric/lifted-structure";

/**
 * Each positive pair against all negatives of both its rows, minimised.
 *
 *     Jᵢⱼ = log( Σ_{k ∈ Nᵢ} e^{α − Dᵢₖ} + Σ_{k ∈ Nⱼ} e^{α − Dⱼₖ} ) + Dᵢⱼ,     t = ½ [Jᵢⱼ]₊²  for each unordered positive pair
 *
 * Both sums are of rows alone, so that J is a sum of a row's number, a column's and D. A pair is counted once, as half of each of its
 * orders: the mean is 1/(2|P|) Σ [J]₊².
 *
 * Shapes   embeddings x: [n, d]; labels [n] or relations [n, n]  →  terms [n, n], reduced to []
 * Laws     t ≥ 0; a pair of which neither row has a negative has no term
 * Errors   EMBEDDINGS_EMPTY, SUPERVISION_MISSING, SUPERVISION_TWICE
 * Source   Oh Song et al., Deep Metric Learning via Lifted Structured Feature Embedding (CVPR 2016), equation 4
 */
export const liftedStructure = defineLoss({
  name: NAME,
  summary: "Each positive pair against all negatives of both its rows.",
  formula: "t = ½ [ log(Σ_{Nᵢ} e^{α − D} + Σ_{Nⱼ} e^{α − D}) + Dᵢⱼ ]₊²",
  source: "Oh Song et al., Deep Metric Learning via Lifted Structured Feature Embedding (CVPR 2016), equation 4",
  config,
  examples: [{}, { normalise: true, margin: 0.5, reduction: "per-anchor" }, { reduction: "sum" }],
  inputs: pairInputs,
  shards: "needs-gather",
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant"],
  divergence: ({ divergence }: Config) => divergence,
  build(inputs, { divergence, margin, normalise, order, reduction }: Config, cx) {
    const { embeddings, masks, anchors } = readPairs(inputs, NAME);
    const rows = embeddings.shape[0]!;
    const divergences = compareRows(cx.divergence(divergence), embeddings, { normalise, order });
    const [column, row] = [
      [rows, 1],
      [1, rows],
    ];
    const nearest = maskedLogSumExp(sub(margin, divergences), anchors.negative);
    const joined = add(logAddExp(reshape(nearest, column!), reshape(nearest, row!)), divergences);
    const compared = or(reshape(anchors.hasNegative, column!), reshape(anchors.hasNegative, row!));
    const mask = mul(masks.positive, mul(cast(compared, embeddings.dtype as FloatDType), 0.5));
    const asked = full([], margin, divergences.dtype);
    monitorPairs(cx, { divergences, masks, tuples: sum(mask), margin: asked });
    return reduceMasked(mul(square(relu(joined)), 0.5), mask, { reduction });
  },
});

/** log(eᵃ + eᵇ) through the larger one; where one stands for an empty sum, the other exactly. */
function logAddExp(a: Tensor, b: Tensor): Tensor {
  return add(maximum(a, b), log1p(exp(neg(abs(sub(a, b))))));
}
