import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { cos } from "./cos.js";
import { mul } from "./mul.js";

export const sinOp = defineOp("sin", {
  infer: elementwise("sin", FLOATS),
  vjp: ({ inputs: [x], dy }) => [mul(dy, cos(x!))],
});

/** Elementwise sine of an angle in radians; x̄ = ȳ·cos x. */
export function sin(x: Tensor): Tensor {
  return bind(sinOp, [x], null);
}
