import { defineKernel } from "@semblance/core";
import { z } from "zod";

/**
 * A kernel whose matrix is given.
 *
 *     κ(xᵢ, xⱼ) = affinity[i, j]
 *
 * Shapes   affinity: [n, n], symmetric
 */
export const precomputed = defineKernel({
  name: "precomputed",
  summary: "The matrix is an input, `affinity` [N, N], instead of computed from data.",
  formula: "κ(xᵢ, xⱼ) = affinity[i, j]",
  config: z.strictObject({}),
});
