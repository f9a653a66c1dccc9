import { sizeOf } from "../arrays/nd-array.js";
import { bind, defineOp } from "../ir/define-op.js";
import { INT32, normaliseAxis, requireDType, requireRank } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { expand } from "./expand.js";
import { reshape } from "./reshape.js";
import { scatterElements } from "./scatter-elements.js";

export interface GatherAttributes {
  readonly axis: number;
  /** Whoever made the indices vouches that none is there twice. */
  readonly distinct?: true;
}

export const gatherOp = defineOp<"gather", GatherAttributes>("gather", {
  infer: ([x, indices], { axis }) => {
    requireRank("gather", x!, 1);
    requireDType("gather", indices!, INT32, 1);
    return { shape: [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)], dtype: x!.dtype };
  },
  vjp: ({ inputs: [x, indices], dy, attributes: { axis, ...promise } }) => {
    // The indexed axes are folded into one, so that a scatter along that axis can add the slices up.
    const before = x!.shape.slice(0, axis);
    const outer = sizeOf(before) === 1 ? [] : [sizeOf(before)];
    const inner = sizeOf(x!.shape.slice(axis + 1));
    const count = indices!.size;
    const folded = [...outer, count, inner];
    const where = expand(reshape(indices!, [count, 1]), folded);
    const summed = scatterElements(reshape(dy, folded), where, {
      axis: outer.length,
      size: x!.shape[axis]!,
      ...promise,
    });
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

/**
 * `gather` by indices of which none is there twice, which the caller vouches for. No two cotangents meet then, so that backends put each
 * in its place instead of adding: onnxruntime takes a thirtieth of the time for it. What two equal indices come to is undefined; the
 * reference backend refuses them.
 */
export function gatherDistinct(x: Tensor, indices: Tensor, axis = 0): Tensor {
  return bind(gatherOp, [x, indices], { axis: normaliseAxis("gather", axis, x.rank), distinct: true });
}
