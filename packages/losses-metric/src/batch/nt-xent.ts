import { cast, defineLoss, div, type FloatDType, mul, reshape, softplus, sub, sum } from "@semblance/core";
import { z } from "zod";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { maskedLogSumExp } from "../masked-log-sum-exp.js";
import { monitorPairs } from "../monitor-pairs.js";
import { pairInputs } from "../pair-inputs.js";
import { normaliseKey } from "../pair-keys.js";
import { reduceMasked, reductionKey } from "../reduction.js";
import { readPairs } from "./read-pairs.js";
import { asDivergences, similarities } from "./similarities.js";

const config = z.strictObject({
  temperature: z.number().positive().default(0.07).describe("τ, what similarities are divided by; SimCLR's is 0.5"),
  normalise: normaliseKey(true),
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/nt-xent";

/**
 * Each positive against all negatives of its anchor, as a softmax with a temperature, minimised; also known as InfoNCE.
 *
 *     tᵢⱼ = −log e^{Sᵢⱼ/τ} / (e^{Sᵢⱼ/τ} + Σ_{k ∈ Nᵢ} e^{Sᵢₖ/τ}) = softplus(log Σ_{k ∈ Nᵢ} e^{Sᵢₖ/τ} − Sᵢⱼ/τ),     S = u·u
 *
 * Other positives of the anchor are in no denominator.
 *
 * Shapes   embeddings x: [n, d]; labels [n] or relations [n, n]  →  terms of ordered positive pairs [n, n], reduced to []
 * Laws     t ≥ 0; an anchor without negatives or positives has no terms; with two views of each item it is SimCLR's loss; unchanged by
 *          a rotation; of unit vectors, unchanged by their lengths
 * Errors   EMBEDDINGS_EMPTY, SUPERVISION_MISSING, SUPERVISION_TWICE
 * Source   Chen et al., A Simple Framework for Contrastive Learning of Visual Representations (ICML 2020), equation 1
 */
export const ntXent = defineLoss({
  name: NAME,
  summary: "Each positive against all negatives of its anchor, as a softmax with a temperature.",
  formula: "t = −log e^{S₊/τ} / (e^{S₊/τ} + Σ₋ e^{S/τ})",
  source: "Chen et al., A Simple Framework for Contrastive Learning of Visual Representations (ICML 2020), equation 1",
  config,
  examples: [{}, { temperature: 0.5, reduction: "per-anchor" }, { temperature: 2, normalise: false, reduction: "sum" }],
  inputs: pairInputs,
  shards: "needs-gather",
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant", scaleInvariant],
  build(inputs, { temperature, normalise, reduction }: Config, cx) {
    const { embeddings, masks, anchors } = readPairs(inputs, NAME);
    const similarity = similarities(embeddings, normalise);
    const logits = div(similarity, temperature);
    const others = reshape(maskedLogSumExp(logits, anchors.negative), [embeddings.shape[0]!, 1]);
    const compared = cast(reshape(anchors.hasNegative, others.shape), embeddings.dtype as FloatDType);
    const mask = mul(masks.positive, compared);
    monitorPairs(cx, { divergences: asDivergences(similarity), masks, tuples: sum(mask) });
    return reduceMasked(softplus(sub(others, logits)), mask, { reduction });
  },
});
