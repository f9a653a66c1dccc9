import { defineDistance } from "@semblance/core";
import { z } from "zod";

/**
 * A distance whose matrix is given.
 *
 *     δ(xᵢ, xⱼ) = affinity[i, j]
 *
 * Shapes   affinity: [n, n], symmetric, not negative, 0 on its diagonal
 */
export const precomputedDistance = defineDistance({
  name: "precomputed",
  summary: "The matrix is an input, `affinity` [N, N], instead of computed from data.",
  formula: "δ(xᵢ, xⱼ) = affinity[i, j]",
  config: z.strictObject({}),
});
