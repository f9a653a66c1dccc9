import { logSumExp, type Tensor, where } from "@semblance/core";

/** What masked entries count as: so low that no exponential is left of it, and finite, so that no ∞ − ∞ occurs. */
const NOTHING = -1e30;

/**
 * log Σ eˣ along an axis over the entries that a mask keeps: x, mask [n, m] → [n] (axis 1) or [m] (axis 0).
 *
 * A line without entries gives about −10³⁰, with derivative 0: softplus of it is 0, and whoever needs the number itself asks the mask.
 */
export function maskedLogSumExp(x: Tensor, mask: Tensor, axis = 1): Tensor {
  return logSumExp(where(mask, x, NOTHING), { axes: [axis] });
}
