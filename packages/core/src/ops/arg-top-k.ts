import { bind, defineOp } from "../ir/define-op.js";
import { FLOATS, fail, normaliseAxis, requireDType } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export interface ArgTopKAttributes {
  readonly axis: number;
  readonly k: number;
  readonly largest: boolean;
}

export const argTopKOp = defineOp<"argTopK", ArgTopKAttributes>("argTopK", {
  infer: ([x], { axis, k }) => {
    requireDType("argTopK", x!, FLOATS);
    if (!Number.isInteger(k) || k < 0 || k > x!.shape[axis]!) {
      fail("K_OUT_OF_RANGE", "argTopK", `k = ${k} of ${x!.shape[axis]} elements`, `Use 0 to ${x!.shape[axis]}.`);
    }
    return { shape: x!.shape.map((extent, other) => (other === axis ? k : extent)), dtype: "int32" };
  },
  vjp: "none",
});

/**
 * The indices of the k largest (or smallest) elements along an axis, best first, the lower index first on ties.
 * Values are picked with `gatherElements`, which is how `topK` and `sort` get their derivative.
 */
export function argTopK(
  x: Tensor,
  options: { readonly axis: number; readonly k: number; readonly largest?: boolean },
): Tensor {
  const { axis, k, largest = true } = options;
  return bind(argTopKOp, [x], { axis: normaliseAxis("argTopK", axis, x.rank), k, largest });
}
