import { defineLoss, div, mul, sub, sum } from "@semblance/core";
import { z } from "zod";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { maskedLogSumExp } from "../masked-log-sum-exp.js";
import { monitorPairs } from "../monitor-pairs.js";
import { pairInputs } from "../pair-inputs.js";
import { normaliseKey } from "../pair-keys.js";
import { orOne, reduceMasked, reductionKey } from "../reduction.js";
import { readPairs } from "./read-pairs.js";
import { asDivergences, similarities } from "./similarities.js";

const config = z.strictObject({
  temperature: z.number().positive().default(0.1).describe("τ, what similarities are divided by"),
  normalise: normaliseKey(true),
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/sup-con";

/**
 * Supervised contrastive loss: all positives of an anchor against all other rows, minimised.
 *
 *     tᵢ = −(1/|Pᵢ|) Σ_{j ∈ Pᵢ} log( e^{Sᵢⱼ/τ} / Σ_{k ≠ i} e^{Sᵢₖ/τ} ),     S = u·u
 *
 * Shapes   embeddings x: [n, d]; labels [n] or relations [n, n], of which unknown pairs are left out  →  terms [n], reduced to []
 * Laws     t ≥ 0; an anchor without positives or negatives has no term; with one positive each it is `metric/nt-xent`; unchanged by a
 *          rotation; of unit vectors, unchanged by their lengths
 * Errors   EMBEDDINGS_EMPTY, SUPERVISION_MISSING, SUPERVISION_TWICE
 * Source   Khosla et al., Supervised Contrastive Learning (NeurIPS 2020), equation 2
 */
export const supCon = defineLoss({
  name: NAME,
  summary: "All positives of an anchor against all other rows, as a softmax with a temperature.",
  formula: "t = −mean₊ log( e^{S/τ} / Σ_{k≠i} e^{S_k/τ} )",
  source: "Khosla et al., Supervised Contrastive Learning (NeurIPS 2020), equation 2",
  config,
  examples: [{}, { temperature: 0.5, reduction: "sum" }, { temperature: 2, normalise: false }],
  inputs: pairInputs,
  shards: "needs-gather",
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant", scaleInvariant],
  build(inputs, { temperature, normalise, reduction }: Config, cx) {
    const { embeddings, masks, anchors } = readPairs(inputs, NAME);
    const similarity = similarities(embeddings, normalise);
    const logits = div(similarity, temperature);
    const weights = sum(masks.positive, { axes: [1] });
    const positive = div(sum(mul(logits, masks.positive), { axes: [1] }), orOne(weights));
    monitorPairs(cx, { divergences: asDivergences(similarity), masks, tuples: sum(anchors.valid) });
    return reduceMasked(sub(maskedLogSumExp(logits, anchors.known), positive), anchors.valid, { reduction });
  },
});
