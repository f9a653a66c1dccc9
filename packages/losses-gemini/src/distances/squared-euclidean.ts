import { defineDistance, pairwiseSquaredDistances } from "@semblance/core";
import { z } from "zod";
import { centreBoth } from "../kernels/centre.js";
import { zeroDiagonal } from "./zero-diagonal.js";

/**
 * The squared Euclidean distance.
 *
 *     δ(x, y) = ‖x − y‖²
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Laws     no metric: the triangle inequality does not hold, so that a one-vs-one objective of two clusters need not be the
 *          one-vs-all one; unchanged by a shift and by a rotation of all rows
 */
export const squaredEuclidean = defineDistance({
  name: "squared-euclidean",
  summary: "The square of the Euclidean distance; no metric, but a legal cost.",
  formula: "δ(x, y) = ‖x − y‖²",
  config: z.strictObject({}),
  matrix(x, y) {
    const squares = pairwiseSquaredDistances(...centreBoth(x, y));
    return x === y ? zeroDiagonal(squares) : squares;
  },
});
