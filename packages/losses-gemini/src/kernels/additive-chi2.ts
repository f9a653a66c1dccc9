import { defineKernel, neg } from "@semblance/core";
import { z } from "zod";
import { chi2Statistic, chi2Table } from "./chi2-statistic.js";

/**
 * The additive χ² kernel, for histograms.
 *
 *     κ(x, y) = −Σ (x − y)²/(x + y),  0/0 = 0
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]; time O(nmd) without a matrix product
 * Domain   features ≥ 0; see `chi2Statistic` for what others give
 * Laws     κ ≤ 0; κ(x, x) = 0; conditionally positive definite, which is all that an MMD needs
 */
export const additiveChi2 = defineKernel({
  name: "additive-chi2",
  summary: "The negative χ² statistic of non-negative rows.",
  formula: "κ(x, y) = −Σ (x − y)²/(x + y)",
  source: "scikit-learn, additive_chi2_kernel; Zhang et al., IJCV 73 (2007)",
  domain: "positive",
  config: z.strictObject({}),
  matrix: (x, y) => neg(chi2Statistic(x, y)),
  // 0 − x: two equal rows are compared to 0, not to −0.
  table: (data) => chi2Table(data, (statistic) => 0 - statistic),
});
