import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "./mul.js";

export const expOp = defineOp("exp", {
  infer: elementwise("exp", FLOATS),
  vjp: ({ y, dy }) => [mul(dy, y)], // Through y, not x: y is already held, so the backward pass computes no exponential.
});

/** Elementwise exponential, y = eˣ; x̄ = ȳ·y. */
export function exp(x: Tensor): Tensor {
  return bind(expOp, [x], null);
}
