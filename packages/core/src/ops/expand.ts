import { type Shape, sameShape, showShape } from "../arrays/nd-array.js";
import { bind, defineOp } from "../ir/define-op.js";
import { broadcastShapes, fail, requireExtents } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const expandOp = defineOp<"expand", { readonly shape: Shape }>("expand", {
  infer: ([x], { shape }) => {
    requireExtents("expand", "the new shape", shape);
    if (!sameShape(broadcastShapes("expand", [x!.shape, shape]), shape)) {
      fail("BROADCAST_MISMATCH", "expand", `${showShape(x!.shape)} does not broadcast to ${showShape(shape)}`);
    }
    return { shape, dtype: x!.dtype };
  },
  // The engine sums the cotangent back to the shape of x.
  vjp: ({ dy }) => [dy],
});

/** Repeats x along axes of extent 1 (and new leading axes) until it has the given shape. */
export function expand(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : bind(expandOp, [x], { shape: [...shape] });
}
