import { add, defineKernel, mul, pairwiseInnerProducts, tanh } from "@semblance/core";
import { z } from "zod";
import { gammaKey, gammaOf } from "./gamma.js";

const config = z.strictObject({
  gamma: gammaKey,
  offset: z.number().default(1).describe("c, added before the tangent is taken"),
});

/**
 * The sigmoid kernel.
 *
 *     κ(x, y) = tanh(γ xᵀy + c)
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Laws     −1 ≤ κ ≤ 1; in general not positive semi-definite: where an MMD's square comes out negative, the MMD is 0
 */
export const sigmoidKernel = defineKernel({
  name: "sigmoid",
  summary: "Hyperbolic tangent of the shifted inner product; in general not positive semi-definite.",
  formula: "κ(x, y) = tanh(γ xᵀy + c)",
  source: "scikit-learn, sigmoid_kernel",
  config,
  matrix(x, y, { gamma, offset }: z.infer<typeof config>) {
    return tanh(add(mul(pairwiseInnerProducts(x, y), gammaOf(gamma, x)), offset));
  },
});
