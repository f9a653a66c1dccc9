import { add, div, equal, mul, rootOrZero, square, sum, type Tensor, where } from "@semblance/core";
import { deviationsOf } from "./deviations.js";

/**
 * Squared Hellinger distances between each row and the shares, eᵢ = ½ Σₖ (√pᵢₖ − √πₖ)² = 1 − Σₖ √(pᵢₖ πₖ): [n, k] → [n].
 *
 * √p − √π = (p − π)/(√p + √π) keeps the digits of rows that are nearly equal, which 1 − Σ√(pπ) loses. Where p is 0 the root's
 * infinite derivative is left out: a posterior of exactly 0 does not move its logit.
 */
export function hellingerDistances(p: Tensor): Tensor {
  const { shares, deviations } = deviationsOf(p);
  const roots = add(rootOrZero(p), rootOrZero(shares));
  const differences = div(deviations, where(equal(roots, 0), 1, roots));
  return mul(sum(square(differences), { axes: [1] }), 0.5);
}
