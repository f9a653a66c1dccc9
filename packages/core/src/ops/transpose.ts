import { bind, defineOp } from "../ir/define-op.js";
import { fail, normaliseAxis } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const transposeOp = defineOp<"transpose", { readonly permutation: readonly number[] }>("transpose", {
  infer: ([x], { permutation }) => {
    if (permutation.length !== x!.shape.length || new Set(permutation).size !== permutation.length) {
      fail(
        "PERMUTATION_INVALID",
        "transpose",
        `[${permutation.join(", ")}] does not name each of ${x!.shape.length} axes once`,
      );
    }
    return { shape: permutation.map((axis) => x!.shape[axis]!), dtype: x!.dtype };
  },
  vjp: ({ dy, attributes }) => [
    transpose(
      dy,
      attributes.permutation.map((_, axis) => attributes.permutation.indexOf(axis)),
    ),
  ],
});

/** Reorders axes: axis i of the result is axis permutation[i] of x. Without a permutation the axes are reversed. */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
  const normal = permutation
    ? permutation.map((axis) => normaliseAxis("transpose", axis, x.rank))
    : x.shape.map((_, axis) => x.rank - 1 - axis);
  return normal.length === x.rank && normal.every((axis, position) => axis === position)
    ? x
    : bind(transposeOp, [x], { permutation: normal });
}
