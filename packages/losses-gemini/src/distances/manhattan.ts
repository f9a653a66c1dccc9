import { defineDistance, pairwiseManhattanDistances } from "@semblance/core";
import { z } from "zod";
import { byRowBlocks } from "../kernels/row-blocks.js";

/**
 * The Manhattan distance.
 *
 *     δ(x, y) = Σ |x − y|
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]; time O(nmd) without a matrix product
 * Laws     a metric; at least the Euclidean distance
 */
export const manhattan = defineDistance({
  name: "manhattan",
  summary: "The sum of the absolute differences of two rows.",
  formula: "δ(x, y) = Σ |x − y|",
  source: "scikit-learn, manhattan_distances",
  triangleInequality: true,
  config: z.strictObject({}),
  matrix: (x, y) => byRowBlocks(x, y, pairwiseManhattanDistances),
});
