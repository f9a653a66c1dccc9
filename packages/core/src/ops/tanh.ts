import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "./mul.js";
import { sub } from "./sub.js";

export const tanhOp = defineOp("tanh", {
  infer: elementwise("tanh", FLOATS),
  vjp: ({ y, dy }) => [mul(dy, sub(1, mul(y, y)))],
});

/** Elementwise hyperbolic tangent; x̄ = ȳ·(1 − y²). */
export function tanh(x: Tensor): Tensor {
  return bind(tanhOp, [x], null);
}
