import { defineDivergence, euclideanNorm, pairwiseDistances, sub } from "@semblance/core";
import { z } from "zod";

/**
 * The Euclidean distance. No Bregman divergence, but a metric; its derivative is 0 where two rows coincide.
 *
 *     D(x, y) = ‖x − y‖
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Laws     symmetric; triangle inequality; unchanged by a shift or a rotation of all rows
 */
export const euclidean = defineDivergence({
  name: "euclidean",
  summary: "Euclidean distance.",
  formula: "D(x, y) = ‖x − y‖",
  symmetric: true,
  config: z.strictObject({}),
  matrix: (x, y) => pairwiseDistances(x, y),
  paired: (x, y) => euclideanNorm(sub(x, y), { axes: [1] }),
});
