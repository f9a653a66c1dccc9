import { bind, defineOp } from "../ir/define-op.js";
import { FLOATS, INT32, normaliseAxis, requireDType, requireExtents, requireSameShape } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { gatherElements } from "./gather-elements.js";

export interface ScatterElementsAttributes {
  readonly axis: number;
  /** The extent of the result along the axis. */
  readonly size: number;
  /** Whoever made the indices vouches that no two elements meet in one place. */
  readonly distinct?: true;
}

export const scatterElementsOp = defineOp<"scatterElements", ScatterElementsAttributes>("scatterElements", {
  infer: ([x, indices], { axis, size }) => {
    requireDType("scatterElements", x!, FLOATS);
    requireDType("scatterElements", indices!, INT32, 1);
    requireExtents("scatterElements", "the size along the axis", [size]);
    requireSameShape("scatterElements", x!, indices!);
    return { shape: x!.shape.map((extent, at) => (at === axis ? size : extent)), dtype: x!.dtype };
  },
  vjp: ({ inputs: [, indices], dy, attributes: { axis } }) => [gatherElements(dy, indices!, axis), null],
});

/** Adds each element of x to a tensor of zeros at its index along an axis: the transpose of `gatherElements`. */
export function scatterElements(x: Tensor, indices: Tensor, options: ScatterElementsAttributes): Tensor {
  return bind(scatterElementsOp, [x, indices], {
    ...options,
    axis: normaliseAxis("scatterElements", options.axis, x.rank),
  });
}
