import {
  add,
  type ComponentReference,
  componentReference,
  defineLoss,
  less,
  log,
  mean,
  mul,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
  xLogY,
} from "@semblance/core";
import { z } from "zod";
import { clustersKey, requireClusters } from "./clusters.js";
import { entropiesOfPosteriors } from "./entropies.js";

/** Below this a perturbed posterior counts as this inside the logarithm. */
const SMALLEST_POSTERIOR = 1e-12;

const config = z.strictObject({
  clusters: clustersKey,
  vatWeight: z.number().min(0).default(1).describe("how much predictions of perturbed rows count, 0 or more"),
  entropyWeight: z.number().min(0).default(0).describe("how much clusters of one size count beyond that, 0 or more"),
  perturbation: componentReference("regulariser")
    .default("vat")
    .describe("the regulariser that perturbs rows in training: vat, or { name: vat, epsilon: 1, … }"),
});

type ImsatConfig = z.infer<typeof config>;

/**
 * Information-maximising self-augmented training, minimised.
 *
 *     L = −I + vatWeight·(1/N) Σᵢ Σₖ pᵢₖ (log pᵢₖ − log max(qᵢₖ, 10⁻¹²)) + entropyWeight·Σₖ πₖ log πₖ,   p constant in the second term
 *     I = (1/N) Σᵢ Σₖ pᵢₖ log(pᵢₖ/πₖ),   πₖ = (1/N) Σᵢ pᵢₖ,   0·log 0 = 0
 *
 * q are the posteriors of perturbed rows. In training they are made by the regulariser that `perturbation` names.
 *
 * Shapes   posteriors p, perturbed q: [n, k]  →  []
 * Laws     L = −I for q = p and entropyWeight 0; unchanged by permuting clusters or rows, by repeating rows and by empty clusters
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH
 * Source   Hu et al., Learning Discrete Representations via Information Maximizing Self-Augmented Training, ICML 2017
 */
export const imsat = defineLoss({
  name: "clustering/imsat",
  summary: "Mutual information of clusters and rows, and predictions that stay where rows are perturbed.",
  formula: "−I(Y; X) + vatWeight·KL(p ‖ q) + entropyWeight·Σₖ πₖ log πₖ",
  source: "Hu et al., ICML 2017",
  config,
  examples: [{}, { vatWeight: 0.5, entropyWeight: 0.3 }, { vatWeight: 0, clusters: 3 }],
  inputs: {
    posteriors: {
      axes: ["n", "k"],
      type: "float",
      description: "cluster probabilities of each row",
      domain: "simplex",
      differentiable: true,
    },
    perturbed: {
      axes: ["n", "k"],
      type: "float",
      description: "cluster probabilities of each row after it was perturbed; training makes them",
      domain: "simplex",
      differentiable: true,
    },
  },
  // π is a mean over the batch inside a logarithm, so parts of a batch cannot be scored apart.
  shards: "needs-gather",
  heldFixed: "p is a constant in the divergence from perturbed posteriors",
  laws: ["cluster-permutation-invariant"],
  score: (loss) => -loss,
  outputs: ({ clusters }) => clusters,
  supplied: ({ perturbation }) => ({ perturbed: perturbation as ComponentReference }),
  build({ posteriors, perturbed }, { clusters, vatWeight, entropyWeight }: ImsatConfig) {
    const p = posteriors!;
    requireClusters(p, clusters, { loss: "clustering/imsat", what: "posteriors", code: "POSTERIORS_INVALID" });
    const { marginal, conditional } = entropiesOfPosteriors(p);
    const information = sub(conditional, mul(marginal, 1 + entropyWeight));
    return vatWeight === 0 ? information : add(information, mul(divergence(stopGradient(p), perturbed!), vatWeight));
  },
});

/** (1/N) Σᵢ KL(pᵢ ‖ qᵢ). */
function divergence(p: Tensor, q: Tensor): Tensor {
  const logarithm = log(where(less(q, SMALLEST_POSTERIOR), SMALLEST_POSTERIOR, q));
  return mean(sum(sub(xLogY(p, p), mul(p, logarithm)), { axes: [1] }));
}
