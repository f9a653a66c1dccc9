import { type DType, isFloat } from "../arrays/dtype.js";
import { bind, defineOp } from "../ir/define-op.js";
import { ANY, requireDType } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const castOp = defineOp<"cast", { readonly to: DType }>("cast", {
  infer: ([x], { to }) => {
    requireDType("cast", x!, ANY);
    return { shape: x!.shape, dtype: to };
  },
  // Only floats carry cotangents, and a float reaches a float through a cast that changes precision alone.
  vjp: ({ inputs: [x], dy }) => [isFloat(x!.dtype) ? cast(dy, x!.dtype) : null],
});

/**
 * Converts the element type. Floats become integers by truncation towards zero, and booleans by x ≠ 0; true becomes 1.
 * Between the two float types the cotangent is converted back.
 */
export function cast(x: Tensor, to: DType): Tensor {
  return x.dtype === to ? x : bind(castOp, [x], { to });
}
