import { defineLoss, div, equal, log, mean, mul, neg, sub, sum, where } from "@semblance/core";
import { z } from "zod";
import { clustersKey, GEMINI_LAWS, requirePosteriors } from "./posteriors.js";

const config = z.strictObject({ clusters: clustersKey });

/**
 * Kullback–Leibler GEMINI, one against all: the mutual information of cluster and sample. Minimised as −G.
 *
 *     G = (1/N) Σᵢ Σₖ pᵢₖ log(pᵢₖ/πₖ) = H(π) − (1/N) Σᵢ H(pᵢ),   πₖ = (1/N) Σᵢ pᵢₖ,   0·log 0 = 0
 *
 * Shapes   posteriors p: [n, k]  →  []
 * Laws     0 ≤ G ≤ H(π) ≤ log K; H(π) for one-hot rows, 0 for equal rows; unchanged by permuting rows or columns, by repeating
 *          the rows, by splitting a column in proportion and by empty columns
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, equation 1 and table 1
 */
export const klOva = defineLoss({
  name: "gemini/kl-ova",
  summary: "Mutual information of clusters and samples, KL one-vs-all.",
  formula: "G = (1/N) Σᵢ Σₖ pᵢₖ log(pᵢₖ/πₖ)",
  source: "Ohl et al., NeurIPS 2022, table 1",
  config,
  examples: [{}, { clusters: 3 }],
  inputs: {
    posteriors: {
      axes: ["n", "k"],
      type: "float",
      description: "cluster probabilities of each row",
      domain: "simplex",
      differentiable: true,
    },
  },
  // π is a mean over the batch inside a logarithm, so parts of a batch cannot be scored apart.
  shards: "needs-gather",
  laws: GEMINI_LAWS,
  score: (loss) => -loss,
  outputs: ({ clusters }) => clusters,
  build({ posteriors }, { clusters }: z.infer<typeof config>) {
    const p = posteriors!;
    requirePosteriors(p, clusters, "gemini/kl-ova");
    const pi = mean(p, { axes: [0], keepDims: true });
    const none = equal(p, 0);
    // The difference of two logarithms, not the logarithm of p/π: where a whole column is as small as float32 can be, the
    // derivative of that quotient overflows. 0·log 0 is left out before it is computed.
    const difference = sub(log(where(none, 1, p)), log(where(equal(pi, 0), 1, pi)));
    return neg(div(sum(where(none, 0, mul(p, difference))), p.shape[0]!));
  },
});
