import { add, div, equal, mul, rootOrZero, square, stopGradient, sub, sum, type Tensor, where } from "@semblance/core";
import { deviationsOf } from "./deviations.js";

/**
 * Squared Hellinger distances between each row and the shares, eᵢ = ½ Σₖ (√pᵢₖ − √πₖ)² = 1 − Σₖ √(pᵢₖ πₖ): [n, k] → [n].
 *
 * √p − √π = (p − π)/(√p + √π) keeps the digits of rows that are nearly equal, which 1 − Σ√(pπ) loses, and the plain difference too; its
 * derivatives, of every order, are those of the plain difference, which are cheaper. Where p is 0 the root's infinite derivative is left
 * out: a posterior of exactly 0 does not move its logit.
 */
export function hellingerDistances(p: Tensor): Tensor {
  const { shares, deviations } = deviationsOf(p);
  const [root, shareRoot] = [rootOrZero(p), rootOrZero(shares)];
  const roots = add(root, shareRoot);
  const exact = div(deviations, where(equal(roots, 0), 1, roots));
  const plain = sub(root, shareRoot);
  const differences = add(plain, stopGradient(sub(exact, plain)));
  return mul(sum(square(differences), { axes: [1] }), 0.5);
}
