import { defineKernel, pairwiseInnerProducts } from "@semblance/core";
import { z } from "zod";

/**
 * The inner product.
 *
 *     κ(x, y) = xᵀy
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]; its feature map is x itself
 * Laws     positive semi-definite; an MMD with it is the distance of two means
 */
export const linear = defineKernel({
  name: "linear",
  summary: "The inner product of rows; an MMD with it compares means and needs no N×N matrix.",
  formula: "κ(x, y) = xᵀy",
  source: "Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, section 3",
  positiveSemidefinite: true,
  config: z.strictObject({}),
  matrix: pairwiseInnerProducts,
  features: (x) => x,
});
