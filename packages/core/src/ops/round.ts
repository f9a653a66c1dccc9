import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const roundOp = defineOp("round", {
  infer: elementwise("round", FLOATS),
  vjp: "none",
});

/** Elementwise nearest whole number, halves to the even one. Its derivative is zero. */
export function round(x: Tensor): Tensor {
  return bind(roundOp, [x], null);
}
