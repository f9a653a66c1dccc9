import { defineKernel, exp, mul } from "@semblance/core";
import { z } from "zod";
import { chi2Statistic, chi2Table } from "./chi2-statistic.js";

const config = z.strictObject({ gamma: z.number().positive().default(1).describe("γ, above 0") });

/**
 * The exponential χ² kernel, for histograms.
 *
 *     κ(x, y) = exp(−γ Σ (x − y)²/(x + y)),  0/0 = 0
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]; time O(nmd) without a matrix product
 * Domain   features ≥ 0; see `chi2Statistic` for what others give
 * Laws     0 ≤ κ ≤ 1; κ(x, x) = 1; positive definite
 */
export const chi2 = defineKernel({
  name: "chi2",
  summary: "Exponential of the negative χ² statistic of non-negative rows.",
  formula: "κ(x, y) = exp(−γ Σ (x − y)²/(x + y))",
  source: "scikit-learn, chi2_kernel; Zhang et al., IJCV 73 (2007)",
  domain: "positive",
  positiveSemidefinite: true,
  config,
  matrix(x, y, { gamma }: z.infer<typeof config>) {
    return exp(mul(chi2Statistic(x, y), -gamma));
  },
  table: (data, { gamma }) => chi2Table(data, (statistic) => Math.exp(-gamma * statistic)),
});
