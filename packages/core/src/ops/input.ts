import type { DType } from "../arrays/dtype.js";
import type { Shape } from "../arrays/nd-array.js";
import { bind, defineOp } from "../ir/define-op.js";
import { requireExtents } from "../ir/rules.js";
import type { Tensor, TensorSpec } from "../ir/tensor.js";

export interface InputAttributes extends TensorSpec {
  readonly name: string;
}

export const inputOp = defineOp<"input", InputAttributes>("input", {
  infer: (_, { dtype, shape, name }) => {
    requireExtents("input", `the shape of "${name}"`, shape);
    return { dtype, shape };
  },
  vjp: "none",
});

/** A leaf that numbers are fed into by name. Made by `trace`; a graph reads it like any other tensor. */
export function input(name: string, dtype: DType, shape: Shape): Tensor {
  return bind(inputOp, [], { name, dtype, shape: [...shape] });
}
