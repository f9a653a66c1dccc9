import { add, defineLoss, mul, neg, relu, softplus, stopGradient, sub, sum, type Tensor } from "@semblance/core";
import { z } from "zod";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { maskedLogSumExp } from "../masked-log-sum-exp.js";
import { monitorPairs } from "../monitor-pairs.js";
import { pairInputs } from "../pair-inputs.js";
import { normaliseKey } from "../pair-keys.js";
import { reduceMasked, reductionKeyOf } from "../reduction.js";
import { readPairs } from "./read-pairs.js";
import { asDivergences, similarities } from "./similarities.js";

const config = z.strictObject({
  margin: z
    .number()
    .default(0.4)
    .describe("m, how far positives may stay below 1 and negatives above 0; 0.25 for faces"),
  gamma: z.number().positive().default(80).describe("γ, the factor of the exponents; 256 for faces"),
  normalise: normaliseKey(true),
  reduction: reductionKeyOf("mean-nonzero"),
});
type Config = z.infer<typeof config>;
const NAME = "metric/circle";

/**
 * Pairs weighted by how far each is from its optimum, so that the boundary is a circle, minimised.
 *
 *     tᵢ = softplus( log Σ_{j ∈ Pᵢ} exp(−γ aⱼ (Sᵢⱼ − (1 − m))) + log Σ_{k ∈ Nᵢ} exp(γ aₖ (Sᵢₖ − m)) )
 *     aⱼ = [1 + m − Sᵢⱼ]₊,  aₖ = [Sᵢₖ + m]₊ held constant,     S = u·u
 *
 * Shapes   embeddings x: [n, d]; labels [n] or relations [n, n]  →  terms of anchors with both kinds [n], reduced to []
 * Laws     t ≥ 0; unchanged by a rotation; of unit vectors, unchanged by their lengths. The gradient is that of the weights held fixed
 * Errors   EMBEDDINGS_EMPTY, SUPERVISION_MISSING, SUPERVISION_TWICE
 * Source   Sun et al., Circle Loss: A Unified Perspective of Pair Similarity Optimization (CVPR 2020), equations 5 and 8
 */
export const circle = defineLoss({
  name: NAME,
  summary: "Pairs weighted by how far each is from its optimum.",
  formula: "t = softplus(log Σ₊ exp(−γ a₊ (S − (1 − m))) + log Σ₋ exp(γ a₋ (S − m)))",
  source:
    "Sun et al., Circle Loss: A Unified Perspective of Pair Similarity Optimization (CVPR 2020), equations 5 and 8",
  config,
  examples: [{}, { margin: 0.25, gamma: 16, reduction: "sum" }, { gamma: 1, normalise: false }],
  inputs: pairInputs,
  shards: "needs-gather",
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant", scaleInvariant],
  heldFixed:
    "the weights of the pairs are constants of the batch, as in the paper: only the similarities that they weigh are learned from",
  build(inputs, { margin, gamma, normalise, reduction }: Config, cx) {
    const { embeddings, masks, anchors } = readPairs(inputs, NAME);
    const similarity = similarities(embeddings, normalise);
    const weight = (distance: Tensor) => mul(relu(stopGradient(distance)), gamma);
    const pull = mul(neg(weight(sub(1 + margin, similarity))), sub(similarity, 1 - margin));
    const push = mul(weight(add(similarity, margin)), sub(similarity, margin));
    const exponents = add(maskedLogSumExp(pull, anchors.positive), maskedLogSumExp(push, anchors.negative));
    monitorPairs(cx, { divergences: asDivergences(similarity), masks, tuples: sum(anchors.valid) });
    return reduceMasked(softplus(exponents), anchors.valid, { reduction });
  },
});
