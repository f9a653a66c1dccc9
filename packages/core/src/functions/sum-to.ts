import { type Shape, sameShape } from "../arrays/nd-array.js";
import type { Tensor } from "../ir/tensor.js";
import { expand } from "../ops/expand.js";
import { reshape } from "../ops/reshape.js";
import { sum } from "../ops/sum.js";

/** Undoes broadcasting: sums x over the axes along which an array of the given shape was repeated. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const offset = x.rank - shape.length;
  // A cotangent may come in a smaller shape than the value that it belongs to; then it is the same along the missing axes.
  if (offset < 0) return expand(x, shape);
  const axes = x.shape.flatMap((extent, axis) =>
    axis < offset || (shape[axis - offset] === 1 && extent !== 1) ? [axis] : [],
  );
  return expand(reshape(sum(x, { axes }), keptShape(x.shape, axes, offset)), shape);
}

function keptShape(shape: Shape, summed: readonly number[], offset: number): number[] {
  return shape.flatMap((extent, axis) => (axis < offset ? [] : [summed.includes(axis) ? 1 : extent]));
}
