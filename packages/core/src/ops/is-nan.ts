import { bind, defineOp } from "../ir/define-op.js";
import { FLOATS, requireDType } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const isNaNOp = defineOp("isNaN", {
  infer: ([x]) => {
    requireDType("isNaN", x!, FLOATS);
    return { shape: x!.shape, dtype: "bool" };
  },
  vjp: "none",
});

/** Elementwise: whether x is not a number, as booleans. */
export function isNaN(x: Tensor): Tensor {
  return bind(isNaNOp, [x], null);
}
