import { defineKernel, exp, mul, pairwiseManhattanDistances } from "@semblance/core";
import { z } from "zod";
import { gammaKey, gammaOf } from "./gamma.js";
import { byRowBlocks } from "./row-blocks.js";

const config = z.strictObject({ gamma: gammaKey });

/**
 * The Laplacian kernel.
 *
 *     κ(x, y) = exp(−γ‖x − y‖₁)
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]; time O(nmd) without a matrix product
 * Laws     0 ≤ κ ≤ 1; κ(x, x) = 1; positive definite
 */
export const laplacian = defineKernel({
  name: "laplacian",
  summary: "Exponential of the negative Manhattan distance.",
  formula: "κ(x, y) = exp(−γ‖x − y‖₁)",
  source: "scikit-learn, laplacian_kernel",
  positiveSemidefinite: true,
  config,
  matrix(x, y, { gamma }: z.infer<typeof config>) {
    return exp(mul(byRowBlocks(x, y, pairwiseManhattanDistances), -gammaOf(gamma, x)));
  },
});
