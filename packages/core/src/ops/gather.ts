import { sizeOf } from "../arrays/nd-array.js";
import { bind, defineOp } from "../ir/define-op.js";
import { INT32, normaliseAxis, requireDType, requireRank } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { expand } from "./expand.js";
import { reshape } from "./reshape.js";
import { scatterElements } from "./scatter-elements.js";

export const gatherOp = defineOp<"gather", { readonly axis: number }>("gather", {
  infer: ([x, indices], { axis }) => {
    requireRank("gather", x!, 1);
    requireDType("gather", indices!, INT32, 1);
    return { shape: [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)], dtype: x!.dtype };
  },
  vjp: ({ inputs: [x, indices], dy, attributes: { axis } }) => {
    // The indexed axes are folded into one, so that a scatter along that axis can add the slices up.
    const outer = sizeOf(x!.shape.slice(0, axis));
    const inner = sizeOf(x!.shape.slice(axis + 1));
    const count = indices!.size;
    const slices = reshape(dy, [outer, count, inner]);
    const where = expand(reshape(indices!, [1, count, 1]), [outer, count, inner]);
    const summed = scatterElements(slices, where, { axis: 1, size: x!.shape[axis]! });
    return [reshape(summed, x!.shape), null];
  },
});

/**
 * Slices of x along an axis, in the order of `indices` (int32, any shape, each in 0 … extent − 1; checked when the program
 * runs). The cotangents of a slice taken twice are added.
 */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  return bind(gatherOp, [x, indices], { axis: normaliseAxis("gather", axis, x.rank) });
}
