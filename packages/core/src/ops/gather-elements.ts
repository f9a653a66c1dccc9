import { bind, defineOp } from "../ir/define-op.js";
import { fail, INT32, normaliseAxis, requireDType } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { scatterElements } from "./scatter-elements.js";

export const gatherElementsOp = defineOp<"gatherElements", { readonly axis: number }>("gatherElements", {
  infer: ([x, indices], { axis }) => {
    requireDType("gatherElements", indices!, INT32, 1);
    if (
      indices!.shape.length !== x!.shape.length ||
      indices!.shape.some((extent, at) => at !== axis && extent !== x!.shape[at])
    ) {
      fail(
        "SHAPE_MISMATCH",
        "gatherElements",
        `indices [${indices!.shape.join(", ")}] and x [${x!.shape.join(", ")}] differ off axis ${axis}`,
      );
    }
    return { shape: indices!.shape, dtype: x!.dtype };
  },
  vjp: ({ inputs: [x, indices], dy, attributes: { axis } }) => [
    scatterElements(dy, indices!, { axis, size: x!.shape[axis]! }),
    null,
  ],
});

/** Picks one element per index along an axis: y[…, i, …] = x[…, indices[…, i, …], …]. */
export function gatherElements(x: Tensor, indices: Tensor, axis: number): Tensor {
  return bind(gatherElementsOp, [x, indices], { axis: normaliseAxis("gatherElements", axis, x.rank) });
}
