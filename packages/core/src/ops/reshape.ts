import { type Shape, sameShape, showShape, sizeOf } from "../arrays/nd-array.js";
import { bind, defineOp } from "../ir/define-op.js";
import { fail, requireExtents } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const reshapeOp = defineOp<"reshape", { readonly shape: Shape }>("reshape", {
  infer: ([x], { shape }) => {
    requireExtents("reshape", "the new shape", shape);
    if (sizeOf(shape) !== sizeOf(x!.shape)) {
      fail(
        "SIZE_MISMATCH",
        "reshape",
        `${showShape(x!.shape)} has ${sizeOf(x!.shape)} elements, ${showShape(shape)} ${sizeOf(shape)}`,
      );
    }
    return { shape, dtype: x!.dtype };
  },
  vjp: ({ inputs: [x], dy }) => [reshape(dy, x!.shape)],
});

/** The same elements in row-major order under another shape. One extent may be −1: it is worked out from the others. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (shape.filter((extent) => extent === -1).length > 1)
    fail("EXTENT_INVALID", "reshape", "only one extent may be -1");
  const known = sizeOf(shape.filter((extent) => extent !== -1));
  const full = shape.map((extent) => (extent === -1 ? (known === 0 ? 0 : x.size / known) : extent));
  if (full.some((extent) => !Number.isInteger(extent))) {
    fail(
      "SIZE_MISMATCH",
      "reshape",
      `${showShape(x.shape)} has ${x.size} elements, which ${showShape(shape)} cannot hold`,
    );
  }
  return sameShape(x.shape, full) ? x : bind(reshapeOp, [x], { shape: full });
}
