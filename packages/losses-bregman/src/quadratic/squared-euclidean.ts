import { defineDivergence, pairwiseSquaredDistances, square, sub, sum } from "@semblance/core";
import { z } from "zod";

/**
 * The squared Euclidean distance, the Bregman divergence of ‖x‖².
 *
 *     D(x, y) = ‖x − y‖²,        φ(x) = ‖x‖²
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Laws     symmetric; unchanged by a shift or a rotation of all rows
 */
export const squaredEuclidean = defineDivergence({
  name: "squared-euclidean",
  summary: "Squared Euclidean distance.",
  formula: "D(x, y) = ‖x − y‖²",
  symmetric: true,
  config: z.strictObject({}),
  matrix: (x, y) => pairwiseSquaredDistances(x, y),
  paired: (x, y) => sum(square(sub(x, y)), { axes: [1] }),
  generator: (x) => sum(square(x), { axes: [1] }),
});
