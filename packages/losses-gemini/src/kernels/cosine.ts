import { defineKernel, normalise, pairwiseInnerProducts } from "@semblance/core";
import { z } from "zod";

/**
 * The cosine of the angle between rows.
 *
 *     κ(x, y) = xᵀy / (‖x‖‖y‖), and 0 where a row is 0
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]; its feature map is x/‖x‖
 * Laws     −1 ≤ κ ≤ 1; unchanged by a positive factor of a row; positive semi-definite
 */
export const cosine = defineKernel({
  name: "cosine",
  summary: "The cosine of the angle between rows; needs no N×N matrix.",
  formula: "κ(x, y) = xᵀy/(‖x‖‖y‖)",
  source: "scikit-learn, cosine_similarity",
  positiveSemidefinite: true,
  config: z.strictObject({}),
  matrix: (x, y) => pairwiseInnerProducts(normalise(x), normalise(y)),
  features: normalise,
});
