import { add, defineKernel, div, mul, onesLike, pairwiseSquaredDistances } from "@semblance/core";
import { z } from "zod";

const config = z.strictObject({
  gamma: z.number().positive().default(1).describe("γ, above 0; 1 by default: how fast similarity falls"),
});

/**
 * The Cauchy kernel: like a Gaussian near by, and with heavier tails.
 *
 *     κ(x, y) = 1/(1 + γ‖x − y‖²)
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Laws     0 < κ ≤ 1;  κ(x, x) = 1;  unchanged by a shift or turn of all rows;  no negative eigenvalue: a mixture of Gaussians
 */
export const cauchy = defineKernel({
  name: "{{family}}/cauchy",
  summary: "Inverse quadratic similarity, with heavier tails than a Gaussian.",
  formula: "κ(x, y) = 1/(1 + γ‖x − y‖²)",
  config,
  examples: [{}, { gamma: 0.2 }],
  positiveSemidefinite: true,
  matrix(x, y, { gamma }: z.infer<typeof config>) {
    const spread = add(mul(pairwiseSquaredDistances(x, y), gamma), 1);
    return div(onesLike(spread), spread);
  },
});
