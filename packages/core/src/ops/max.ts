import { bind, defineOp } from "../ir/define-op.js";
import { keepReduced, type ReductionAttributes, type ReductionOptions, reduction } from "../ir/reductions.js";
import { NUMBERS, normaliseAxes } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { cast } from "./cast.js";
import { div } from "./div.js";
import { equal } from "./equal.js";
import { mul } from "./mul.js";
import { sum } from "./sum.js";

export const maxOp = defineOp<"max", ReductionAttributes>("max", {
  infer: reduction("max", NUMBERS, { allowEmpty: false }),
  vjp: ({ inputs: [x], y, dy, attributes }) => {
    const attained = cast(equal(x!, keepReduced(y, x!, attributes)), dy.dtype);
    const share = div(keepReduced(dy, x!, attributes), sum(attained, { axes: attributes.axes, keepDims: true }));
    return [mul(attained, share)];
  },
});

/**
 * The largest element over axes (all of them by default); the cotangent is shared equally by the elements that attain it.
 *
 * @throws ShapeError EMPTY_REDUCTION over an axis without elements.
 */
export function max(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = normaliseAxes("max", options.axes, x.rank);
  if (axes.length === 0) return x;
  return bind(maxOp, [x], { axes, keepDims: options.keepDims ?? false });
}
