import { type ComponentReference, div, rootOrZero, sum } from "@semblance/core";
import { z } from "zod";
import { kernelInput } from "./comparison-input.js";
import { defineGemini } from "./define-gemini.js";
import { deviationsOf } from "./deviations.js";
import { embedDeviations } from "./embedded-deviations.js";
import { kernelExamples, kernelInputs, kernelKey } from "./mmd-keys.js";
import { pairDiscrepancies } from "./pair-discrepancies.js";
import { clustersKey } from "./posteriors.js";

/**
 * Maximum-mean-discrepancy GEMINI, one against one. Minimised as −G.
 *
 *     G = Σₐ Σ_b πₐ π_b √((Aₐ − A_b)ᵀ κ (Aₐ − A_b)),   Aᵢₖ = pᵢₖ/(Nπₖ),   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * computed as (1/N) Σₐ Σ_b √Tₐ_b, Tₐ_b = ‖π_b dₐ − πₐ d_b‖²_κ with dᵢₖ = pᵢₖ − πₖ, which divides by nothing that may be 0.
 *
 * Shapes   posteriors p: [n, k]; data: [n, d] or affinity κ: [n, n]  →  []
 * Time     with features [n, f] of the kernel O(nkf + k²f), otherwise O(n²k + nk²)
 * Memory   with features O(nf + nk + k²), otherwise O(n² + nk + k²); blocks of pairs beside it
 * Laws     MMD one-vs-all ≤ G ≤ 2 MMD one-vs-all, equal to it for two clusters; with the linear kernel G = Σ πₐπ_b‖μₐ − μ_b‖; cκ gives
 *          √c·G; κ + rᵢ + rⱼ gives the same; unchanged by permuting rows or columns, by repeating the rows, by splitting a column in
 *          proportion and by empty columns. Exact: nothing is added under the root, and a term of 0 has gradient 0
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH, KERNEL_INPUT_MISSING, KERNEL_INPUT_CONFLICT, AFFINITY_INVALID, DATA_INVALID
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1
 */
export const mmdOvo = defineGemini({
  name: "mmd-ovo",
  summary: "How far the mean embeddings of two clusters lie apart on average, MMD one-vs-one.",
  formula: "G = Σₐ Σ_b πₐ π_b √((Aₐ − A_b)ᵀ κ (Aₐ − A_b)), A = p/(Nπ)",
  config: z.strictObject({ clusters: clustersKey, kernel: kernelKey }),
  examples: kernelExamples,
  inputs: kernelInputs,
  affinity: ({ kernel }) => ({ kind: "kernel", reference: kernel }),
  score(p, { data, affinity }, { config, context, loss }) {
    const bound = context.kernel(config.kernel as ComponentReference);
    const input = kernelInput(bound, { posteriors: p, data, affinity, loss });
    const { shares, deviations } = deviationsOf(p);
    const discrepancies = pairDiscrepancies(embedDeviations(deviations, input), shares);
    return div(sum(rootOrZero(discrepancies)), p.shape[0]!);
  },
});
