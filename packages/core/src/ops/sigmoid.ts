import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "./mul.js";
import { sub } from "./sub.js";

export const sigmoidOp = defineOp("sigmoid", {
  infer: elementwise("sigmoid", FLOATS),
  vjp: ({ y, dy }) => [mul(dy, mul(y, sub(1, y)))],
});

/** Elementwise logistic function, y = 1/(1 + e⁻ˣ); x̄ = ȳ·y·(1 − y). */
export function sigmoid(x: Tensor): Tensor {
  return bind(sigmoidOp, [x], null);
}
