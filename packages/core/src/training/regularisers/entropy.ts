import { z } from "zod";
import { defineRegulariser } from "../../contracts/regulariser.js";
import { ConfigError } from "../../errors.js";
import { mean } from "../../functions/mean.js";
import { softmax } from "../../functions/softmax.js";
import { log } from "../../ops/log.js";
import { maximum } from "../../ops/maximum.js";
import { mul } from "../../ops/mul.js";
import { sum } from "../../ops/sum.js";

/** Below this a share counts as this inside the logarithm, which bounds the pull on an empty cluster. */
const SMALLEST_SHARE = 1e-8;

/**
 * Negative entropy of the cluster shares: minimising it keeps clusters of one size.
 *
 *     L = Σₖ πₖ log max(πₖ, 10⁻⁸),   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * Shapes   p: [n, k]  →  []
 * Laws     −log K ≤ L ≤ 0; −log K for equal shares, 0 for one cluster
 * Errors   POSTERIORS_MISSING
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, experiments
 */
export const entropy = defineRegulariser({
  name: "entropy",
  summary: "Keeps clusters of one size: the negative entropy of their shares.",
  formula: "Σₖ πₖ log πₖ, π the mean of the posteriors",
  source: "Ohl et al., NeurIPS 2022",
  config: z.strictObject({}),
  create: () => ({
    term({ posteriors, logits }) {
      const p = posteriors ?? (logits && softmax(logits));
      if (!p) {
        throw new ConfigError("POSTERIORS_MISSING", "the model gives neither posteriors nor logits", {
          where: 'regulariser "entropy"',
          fix: "Choose a model with a head, such as mlp.",
        });
      }
      const shares = mean(p, { axes: [0] });
      return sum(mul(shares, log(maximum(shares, SMALLEST_SHARE))));
    },
  }),
});
