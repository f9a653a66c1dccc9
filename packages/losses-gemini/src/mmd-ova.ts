import {
  type ComponentReference,
  componentReference,
  defineLoss,
  div,
  matmul,
  matrixTranspose,
  mul,
  neg,
  rootOrZero,
  slice,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";
import { type KernelInput, kernelInput } from "./kernel-input.js";
import { centre } from "./kernels/centre.js";
import { clustersKey, GEMINI_LAWS, requirePosteriors } from "./posteriors.js";

const config = z.strictObject({
  clusters: clustersKey,
  kernel: componentReference("kernel").default("linear"),
});

/**
 * Maximum-mean-discrepancy GEMINI, one against all. Minimised as −G.
 *
 *     G = Σₖ πₖ √((Aₖ − u)ᵀ κ (Aₖ − u)),   Aᵢₖ = pᵢₖ/(Nπₖ),   u = 1/N,   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * computed as Σₖ √(vₖᵀ κ vₖ) with vᵢₖ = πₖ(Aᵢₖ − u) = (pᵢₖ − πₖ)/N, which divides by nothing that may be 0.
 *
 * Shapes   posteriors p: [n, k]; data: [n, d] or affinity κ: [n, n]  →  []
 * Memory   O(nd + nk) for a kernel with a feature map φ, where √(vᵀκv) = ‖vᵀφ‖; O(n² + nk) for others
 * Laws     G ≥ 0; with the linear kernel G = Σ πₖ‖μₖ − μ‖; cκ gives √c·G; κ + rᵢ + rⱼ gives the same; unchanged by permuting
 *          rows or columns, by repeating the rows, by splitting a column in proportion and by empty columns. Exact: nothing is
 *          added under the root, and a term of 0 has gradient 0
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH, KERNEL_INPUT_MISSING, KERNEL_INPUT_CONFLICT, AFFINITY_INVALID, DATA_INVALID
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1
 */
export const mmdOva = defineLoss({
  name: "gemini/mmd-ova",
  summary: "How far each cluster's mean embedding lies from the data's, MMD one-vs-all.",
  formula: "G = Σₖ πₖ √((Aₖ − u)ᵀ κ (Aₖ − u)), A = p/(Nπ), u = 1/N",
  source: "Ohl et al., NeurIPS 2022, table 1",
  config,
  examples: [
    {},
    { clusters: 3, kernel: "rbf" },
    { kernel: { name: "rbf", gamma: "median" } },
    { kernel: "laplacian" },
    { kernel: "additive-chi2" },
    { kernel: "cosine" },
    { kernel: "precomputed" },
  ],
  inputs: {
    posteriors: {
      axes: ["n", "k"],
      type: "float",
      description: "cluster probabilities of each row",
      domain: "simplex",
      differentiable: true,
    },
    data: {
      axes: ["n", "d"],
      type: "float",
      domain: "positive",
      description: "rows that the kernel compares",
      optional: true,
    },
    affinity: {
      axes: ["n", "n"],
      type: "float",
      description: "kernel matrix, for kernel: precomputed",
      domain: "affinity",
      optional: true,
    },
  },
  // The root of a sum over the whole batch: parts of a batch cannot be scored apart.
  shards: "needs-gather",
  laws: GEMINI_LAWS,
  score: (loss) => -loss,
  outputs: ({ clusters }) => clusters,
  build({ posteriors, data, affinity }, { clusters, kernel }: z.infer<typeof config>, cx) {
    const p = posteriors!;
    requirePosteriors(p, clusters, "gemini/mmd-ova");
    const bound = cx.kernel(kernel as ComponentReference);
    const input = kernelInput(bound, { posteriors: p, data, affinity, loss: "gemini/mmd-ova" });
    return neg(sum(rootOrZero(squaredNorms(deviations(p), input))));
  },
});

/** vᵢₖ = (pᵢₖ − πₖ)/N: [n, k]. */
function deviations(p: Tensor): Tensor {
  // Measured from the first row, so that equal rows give exactly 0. From 0, rounding in π would leave a vector of noise, whose
  // direction is a gradient of full size. A constant shift cancels in p − π, also in the derivative.
  const first = stopGradient(slice(p, { axis: 0, start: 0, end: 1 }));
  return div(centre(sub(p, first)), p.shape[0]!);
}

/** vₖᵀ κ vₖ for each column of v: [n, k] → [k]. */
function squaredNorms(v: Tensor, input: KernelInput): Tensor {
  // The columns of v sum to 0 up to rounding. Centring takes away the common offset that this rounding would multiply.
  if (input.kind === "features") {
    const differences = matmul(matrixTranspose(v), centre(input.features));
    return sum(square(differences), { axes: [1] });
  }
  return sum(mul(v, matmul(centre(input.matrix), v)), { axes: [0] });
}
