import type { Shape } from "../arrays/nd-array.js";
import type { Tensor } from "../ir/tensor.js";
import { pad } from "../ops/pad.js";
import { reshape } from "../ops/reshape.js";
import { type SliceAttributes, slice, sliceAxes } from "../ops/slice.js";
import { zerosLike } from "./constants.js";

/** The transpose of a slice: puts x back where it was taken from, in zeros of the given shape. */
export function unslice(x: Tensor, shape: Shape, { starts, sizes, steps }: SliceAttributes): Tensor {
  if (x.size === 0) return zerosLike({ shape, dtype: x.dtype });
  let spread = x;
  const first = starts.map((start, axis) => Math.min(start, start + (sizes[axis]! - 1) * steps[axis]!));
  shape.forEach((_, axis) => {
    if (steps[axis]! < 0) spread = slice(spread, { axis, step: -1 });
    spread = stuff(spread, axis, Math.abs(steps[axis]!));
  });
  return pad(spread, {
    before: first,
    after: shape.map((extent, axis) => extent - first[axis]! - spread.shape[axis]!),
  });
}

/** Puts step − 1 zeros between neighbours along an axis. */
function stuff(x: Tensor, axis: number, step: number): Tensor {
  const extent = x.shape[axis]!;
  if (step === 1 || extent <= 1) return x;
  const [outer, inner] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const none = x.shape.map(() => 0);
  const padded = pad(reshape(x, [...outer, extent, 1, ...inner]), {
    before: [...none, 0],
    after: [...none, 0].map((_, at) => (at === axis + 1 ? step - 1 : 0)),
  });
  const flat = reshape(padded, [...outer, extent * step, ...inner]);
  return sliceAxes(flat, {
    starts: none,
    sizes: [...outer, (extent - 1) * step + 1, ...inner],
    steps: x.shape.map(() => 1),
  });
}
