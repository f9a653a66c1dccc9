import { defineDistance, pairwiseDistances } from "@semblance/core";
import { z } from "zod";
import { centreBoth } from "../kernels/centre.js";
import { zeroDiagonal } from "./zero-diagonal.js";

/**
 * The Euclidean distance.
 *
 *     δ(x, y) = ‖x − y‖
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Laws     a metric; unchanged by a shift and by a rotation of all rows; Wasserstein with it is at least the MMD of the linear kernel
 */
export const euclidean = defineDistance({
  name: "euclidean",
  summary: "The length of the difference of two rows.",
  formula: "δ(x, y) = ‖x − y‖",
  source: "Ohl et al., NeurIPS 2022, section 3",
  triangleInequality: true,
  config: z.strictObject({}),
  matrix(x, y) {
    const distances = pairwiseDistances(...centreBoth(x, y));
    return x === y ? zeroDiagonal(distances) : distances;
  },
});
