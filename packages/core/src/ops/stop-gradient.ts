import { bind, defineOp } from "../ir/define-op.js";
import { ANY, elementwise } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const stopGradientOp = defineOp("stopGradient", {
  infer: elementwise("stopGradient", ANY),
  vjp: "none",
});

/** The same values, held constant by differentiation: y = x; x̄ = 0. */
export function stopGradient(x: Tensor): Tensor {
  return bind(stopGradientOp, [x], null);
}
