import { defineDivergence, mul, neg, pairwiseInnerProducts, sum } from "@semblance/core";
import { z } from "zod";

/**
 * The inner product with its sign turned: smaller is closer, but neither bounded below nor least between equal rows.
 *
 *     D(x, y) = −xᵀy
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 */
export const negativeDot = defineDivergence({
  name: "negative-dot",
  summary: "Inner product, its sign turned.",
  formula: "D(x, y) = −xᵀy",
  symmetric: true,
  nonNegative: false,
  config: z.strictObject({}),
  matrix: (x, y) => neg(pairwiseInnerProducts(x, y)),
  paired: (x, y) => neg(sum(mul(x, y), { axes: [1] })),
});
