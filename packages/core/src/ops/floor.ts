import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const floorOp = defineOp("floor", {
  infer: elementwise("floor", FLOATS),
  vjp: "none",
});

/** Elementwise largest whole number not above x. Its derivative is zero. */
export function floor(x: Tensor): Tensor {
  return bind(floorOp, [x], null);
}
