import { defineDistance, pairwiseChebyshevDistances } from "@semblance/core";
import { z } from "zod";
import { byRowBlocks } from "../kernels/row-blocks.js";
import { compareAllPairs } from "../pairs/compare-all-pairs.js";
import { chebyshevOfFour } from "../pairs/compare-four.js";

/**
 * The Chebyshev distance.
 *
 *     δ(x, y) = max |x − y|
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]; time O(nmd) without a matrix product
 * Laws     a metric; at most the Euclidean distance
 */
export const chebyshev = defineDistance({
  name: "chebyshev",
  summary: "The largest absolute difference of two rows.",
  formula: "δ(x, y) = max |x − y|",
  triangleInequality: true,
  config: z.strictObject({}),
  matrix: (x, y) => byRowBlocks(x, y, pairwiseChebyshevDistances),
  table: (data) => compareAllPairs(data, chebyshevOfFour),
});
