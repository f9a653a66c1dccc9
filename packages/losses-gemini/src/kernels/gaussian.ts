import { defineKernel, exp, mul, pairwiseSquaredDistances } from "@semblance/core";
import { z } from "zod";
import { centreBoth } from "./centre.js";

const config = z.strictObject({
  bandwidth: z.number().positive().default(1).describe("σ, above 0, in the data's units"),
});

/**
 * The Gaussian kernel by its bandwidth.
 *
 *     κ(x, y) = exp(−‖x − y‖² / (2σ²))
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Laws     as `rbf` with γ = 1/(2σ²)
 */
export const gaussian = defineKernel({
  name: "gaussian",
  summary: "Gaussian similarity by its bandwidth.",
  formula: "κ(x, y) = exp(−‖x − y‖²/(2σ²))",
  positiveSemidefinite: true,
  config,
  matrix(x, y, { bandwidth }: z.infer<typeof config>) {
    const squares = pairwiseSquaredDistances(...centreBoth(x, y));
    return exp(mul(squares, -1 / (2 * bandwidth ** 2)));
  },
});
