import type { DType } from "../arrays/dtype.js";
import { type NdArray, ndarray } from "../arrays/nd-array.js";
import { bind, defineOp } from "../ir/define-op.js";
import type { Tensor } from "../ir/tensor.js";

export interface ConstantAttributes {
  readonly value: NdArray;
}

export const constantOp = defineOp<"constant", ConstantAttributes>("constant", {
  infer: (_, { value }) => ({ dtype: value.dtype, shape: value.shape }),
  vjp: "none",
});

/** Numbers that are known while tracing. The array must not be changed afterwards. */
export function constant(value: NdArray): Tensor {
  return bind(constantOp, [], { value: ndarray(value.dtype, value.shape, value.data) });
}

/** A constant without axes. */
export function scalar(value: number, dtype: DType): Tensor {
  return constant(ndarray(dtype, [], [value]));
}
