import { equal, log, sub, type Tensor, where } from "@semblance/core";

/**
 * log p of posteriors [n, k]; 0 where `vacuous` holds.
 *
 * Where p was made by a softmax, p = eᵘ/s, this is u − log s: finite and with its digits also where p itself has become 0, and its
 * derivative by the logits never passes through 1/p, which float32 cannot hold for p < 10⁻³⁸. Of posteriors that are an input, an entry
 * of 0 has the logarithm −∞.
 */
export function logPosteriors(p: Tensor, vacuous: Tensor): Tensor {
  const [numerator, total] = p.inputs;
  if (p.op.name === "div" && numerator!.op.name === "exp") return sub(numerator!.inputs[0]!, log(total!));
  return log(where(vacuous, 1, p));
}

/** log π of shares [1, k], 0 for empty clusters. */
export function logShares(shares: Tensor): Tensor {
  return log(where(equal(shares, 0), 1, shares));
}
