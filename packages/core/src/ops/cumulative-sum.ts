import { bind, defineOp } from "../ir/define-op.js";
import { FLOATS, normaliseAxis, requireDType } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export interface CumulativeSumAttributes {
  readonly axis: number;
  /** Whether each element leaves itself out of its sum. */
  readonly exclusive: boolean;
  /** Whether sums run from the end. */
  readonly reverse: boolean;
}

export const cumulativeSumOp = defineOp<"cumulativeSum", CumulativeSumAttributes>("cumulativeSum", {
  infer: ([x]) => {
    requireDType("cumulativeSum", x!, FLOATS);
    return { shape: x!.shape, dtype: x!.dtype };
  },
  vjp: ({ dy, attributes }) => [cumulativeSum(dy, { ...attributes, reverse: !attributes.reverse })],
});

/** Running sums along an axis, yᵢ = Σ_{j ≤ i} xⱼ; the cotangent is the running sum from the other end. */
export function cumulativeSum(
  x: Tensor,
  options: { readonly axis: number; readonly exclusive?: boolean; readonly reverse?: boolean },
): Tensor {
  const { axis, exclusive = false, reverse = false } = options;
  return bind(cumulativeSumOp, [x], { axis: normaliseAxis("cumulativeSum", axis, x.rank), exclusive, reverse });
}
