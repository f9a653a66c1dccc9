import { bind, defineOp } from "../ir/define-op.js";
import { fail, NUMBERS, normaliseAxis, requireDType } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const argMaxOp = defineOp<"argMax", { readonly axis: number }>("argMax", {
  infer: ([x], { axis }) => {
    requireDType("argMax", x!, NUMBERS);
    if (x!.shape[axis] === 0) fail("EMPTY_REDUCTION", "argMax", "an axis without elements has no largest one");
    return { shape: x!.shape.filter((_, other) => other !== axis), dtype: "int32" };
  },
  vjp: "none",
});

/** The index of the largest element along an axis, the first one on ties; the axis is removed. */
export function argMax(x: Tensor, axis: number): Tensor {
  return bind(argMaxOp, [x], { axis: normaliseAxis("argMax", axis, x.rank) });
}
