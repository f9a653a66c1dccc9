import { defineDivergence, mul, normalise, pairwiseInnerProducts, sub, sum } from "@semblance/core";
import { z } from "zod";

/**
 * One minus the cosine of the angle between rows; 1 where a row is 0, with derivative 0 there.
 *
 *     D(x, y) = 1 − xᵀy/(‖x‖‖y‖) = ½ ‖x/‖x‖ − y/‖y‖‖²
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Laws     symmetric; 0 ≤ D ≤ 2; unchanged by a positive factor of a row
 */
export const cosine = defineDivergence({
  name: "cosine",
  summary: "One minus the cosine of the angle between two rows.",
  formula: "D(x, y) = 1 − xᵀy/(‖x‖‖y‖)",
  symmetric: true,
  scaleInvariant: true,
  config: z.strictObject({}),
  matrix: (x, y) => sub(1, pairwiseInnerProducts(normalise(x), normalise(y))),
  paired: (x, y) => sub(1, sum(mul(normalise(x), normalise(y)), { axes: [1] })),
});
