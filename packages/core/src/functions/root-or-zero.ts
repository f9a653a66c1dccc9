import type { Tensor } from "../ir/tensor.js";
import { lessOrEqual } from "../ops/less-or-equal.js";
import { sqrt } from "../ops/sqrt.js";
import { where } from "../ops/where.js";

/**
 * √x where x > 0 and 0 elsewhere, with derivative 0 there: what a norm or an MMD needs. Nothing is added under the root, since
 * that would bias values near 0. Rounding that makes x slightly negative gives 0.
 */
export function rootOrZero(x: Tensor): Tensor {
  // Asked this way round, NaN stays NaN, so that a run that broke is noticed.
  const zero = lessOrEqual(x, 0);
  // The inner selection keeps the infinite derivative of the root at 0 from meeting the outer selection's 0 as 0·∞.
  return where(zero, 0, sqrt(where(zero, 1, x)));
}
