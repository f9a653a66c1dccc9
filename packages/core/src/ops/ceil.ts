import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const ceilOp = defineOp("ceil", {
  infer: elementwise("ceil", FLOATS),
  vjp: "none",
});

/** Elementwise smallest whole number not below x. Its derivative is zero. */
export function ceil(x: Tensor): Tensor {
  return bind(ceilOp, [x], null);
}
