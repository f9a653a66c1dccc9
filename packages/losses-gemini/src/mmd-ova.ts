import { type ComponentReference, div, mul, rootOrZero, sum } from "@semblance/core";
import { z } from "zod";
import { kernelInput } from "./comparison-input.js";
import { defineGemini } from "./define-gemini.js";
import { deviationsOf } from "./deviations.js";
import { embedDeviations } from "./embedded-deviations.js";
import { kernelExamples, kernelInputs, kernelKey } from "./mmd-keys.js";
import { clustersKey } from "./posteriors.js";

/**
 * Maximum-mean-discrepancy GEMINI, one against all. Minimised as −G.
 *
 *     G = Σₖ πₖ √((Aₖ − u)ᵀ κ (Aₖ − u)),   Aᵢₖ = pᵢₖ/(Nπₖ),   u = 1/N,   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * computed as (1/N) Σₖ √(dₖᵀ κ dₖ) with dᵢₖ = Nπₖ(Aᵢₖ − u) = pᵢₖ − πₖ, which divides by nothing that may be 0.
 *
 * Shapes   posteriors p: [n, k]; data: [n, d] or affinity κ: [n, n]  →  []
 * Memory   O(nd + nk) for a kernel with a feature map φ, where √(dᵀκd) = ‖dᵀφ‖; O(n² + nk) for others
 * Laws     G ≥ 0; with the linear kernel G = Σ πₖ‖μₖ − μ‖; cκ gives √c·G; κ + rᵢ + rⱼ gives the same; unchanged by permuting
 *          rows or columns, by repeating the rows, by splitting a column in proportion and by empty columns. Exact: nothing is
 *          added under the root, and a term of 0 has gradient 0
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH, KERNEL_INPUT_MISSING, KERNEL_INPUT_CONFLICT, AFFINITY_INVALID, DATA_INVALID
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1
 */
export const mmdOva = defineGemini({
  name: "mmd-ova",
  summary: "How far each cluster's mean embedding lies from the data's, MMD one-vs-all.",
  formula: "G = Σₖ πₖ √((Aₖ − u)ᵀ κ (Aₖ − u)), A = p/(Nπ), u = 1/N",
  config: z.strictObject({ clusters: clustersKey, kernel: kernelKey }),
  examples: kernelExamples,
  inputs: kernelInputs,
  affinity: ({ kernel }) => ({ kind: "kernel", reference: kernel }),
  score(p, { data, affinity }, { config, context, loss }) {
    const bound = context.kernel(config.kernel as ComponentReference);
    const input = kernelInput(bound, { posteriors: p, data, affinity, loss });
    const { vectors, images } = embedDeviations(deviationsOf(p).deviations, input);
    return div(sum(rootOrZero(sum(mul(vectors, images), { axes: [1] }))), p.shape[0]!);
  },
});
