import {
  add,
  callHost,
  exp,
  greater,
  log,
  matmul,
  matrixTranspose,
  mul,
  softplus,
  sub,
  type Tensor,
  where,
} from "@semblance/core";
import type { PairMasks } from "../pair-masks.js";
import { angularOperator } from "./angular-operator.js";

export interface AngularPairs {
  /** S [n, n], inner products of the rows. */
  readonly similarity: Tensor;
  readonly masks: PairMasks;
  /** tan²α */
  readonly tangent: number;
}

/**
 * log(1 + Σ_{n ∈ N_a} exp f_apn) for each pair (a, p) → [n, n], without a tensor of triplets; 0 where the anchor has no negative.
 *
 *     f_apn = 4t (S_an + S_pn) − 2 (1 + t) S_ap
 *
 * Of unit vectors the exponential of the sum is a product of two that cannot underflow together, so that the sum over n is a product of
 * matrices; otherwise the triplets are gone through one by one.
 */
export function angularTerms(pairs: AngularPairs, unitLength: boolean): Tensor {
  return unitLength && pairs.tangent <= LARGEST_TANGENT ? factoredTerms(pairs) : termsByTriplets(pairs);
}

/** e^{−16t}, the least product of two factors, has to be a normal number of float32: 16t ≤ 80. */
const LARGEST_TANGENT = 5;

/** With S ≤ 1: Σ_n e^{4t(S_an − 1)} e^{4t(S_pn − 1)}, whose logarithm is 8t too small. */
export function factoredTerms({ similarity, masks, tangent }: AngularPairs): Tensor {
  const factors = exp(mul(sub(similarity, 1), 4 * tangent));
  const sums = matmul(where(greater(masks.negative, 0), factors, 0), matrixTranspose(factors));
  const some = greater(sums, 0);
  const logs = add(log(where(some, sums, 1)), 8 * tangent);
  // Selected before the softplus: what no negative is summed in is far below 0, not 0.
  return softplus(where(some, sub(logs, mul(similarity, 2 * (1 + tangent))), -1e30));
}

export function termsByTriplets({ similarity, masks, tangent }: AngularPairs): Tensor {
  return callHost(angularOperator, [similarity, masks.positive, masks.negative], { tangent })[0]!;
}
