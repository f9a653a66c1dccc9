import { add, defineKernel, mul, pairwiseInnerProducts, pow } from "@semblance/core";
import { z } from "zod";
import { gammaKey, gammaOf } from "./gamma.js";

const config = z.strictObject({
  gamma: gammaKey,
  // A fractional power of a negative inner product would be NaN.
  degree: z.int().min(1).default(3).describe("the power, a whole number from 1"),
  offset: z.number().default(1).describe("c, added before the power is taken"),
});

/**
 * The polynomial kernel.
 *
 *     κ(x, y) = (γ xᵀy + c)^degree
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Laws     positive semi-definite for c ≥ 0
 */
export const polynomial = defineKernel({
  name: "polynomial",
  summary: "A power of the shifted inner product.",
  formula: "κ(x, y) = (γ xᵀy + c)^degree",
  source: "scikit-learn, polynomial_kernel",
  config,
  matrix(x, y, { gamma, degree, offset }: z.infer<typeof config>) {
    return pow(add(mul(pairwiseInnerProducts(x, y), gammaOf(gamma, x)), offset), degree);
  },
});
