import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "./mul.js";
import { sign } from "./sign.js";

export const absOp = defineOp("abs", {
  infer: elementwise("abs", NUMBERS),
  vjp: ({ inputs: [x], dy }) => [mul(dy, sign(x!))],
});

/** Elementwise absolute value, y = |x|; x̄ = ȳ·sign(x), so 0 at 0. */
export function abs(x: Tensor): Tensor {
  return bind(absOp, [x], null);
}
