import { defineDistance, normalise, pairwiseInnerProducts, relu, sub } from "@semblance/core";
import { z } from "zod";
import { zeroDiagonal } from "./zero-diagonal.js";

/**
 * One minus the cosine of the angle between rows.
 *
 *     δ(x, y) = 1 − xᵀy/(‖x‖‖y‖), and 1 where a row is 0
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Laws     0 ≤ δ ≤ 2; unchanged by a positive factor of a row; no metric
 */
export const cosineDistance = defineDistance({
  name: "cosine",
  summary: "One minus the cosine of the angle between two rows.",
  formula: "δ(x, y) = 1 − xᵀy/(‖x‖‖y‖)",
  source: "scikit-learn, cosine_distances",
  config: z.strictObject({}),
  matrix(x, y) {
    // Rounding takes the cosine of near rows above 1.
    const distances = relu(sub(1, pairwiseInnerProducts(normalise(x), normalise(y))));
    return x === y ? zeroDiagonal(distances) : distances;
  },
});
