import { matrixTranspose, untransposed } from "../functions/matrix-transpose.js";
import { bind, defineOp } from "../ir/define-op.js";
import { fail, normaliseAxis } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { matmul } from "./matmul.js";

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
  vjp: ({ y, dy, attributes }) => [
    (untransposed(y) && transposedProduct(dy)) ??
      transpose(
        dy,
        attributes.permutation.map((_, axis) => attributes.permutation.indexOf(axis)),
      ),
  ],
});

/**
 * (P·Q)ᵀ as Qᵀ·Pᵀ where P is a transpose already, as in the cotangent Aᵀ·Ȳ of a second factor: neither A nor the product is then turned
 * about, but Ȳ alone.
 */
function transposedProduct({ op, inputs: [p, q] }: Tensor): Tensor | undefined {
  const first = op.name === "matmul" ? untransposed(p!) : undefined;
  return first && matmul(untransposed(q!) ?? matrixTranspose(q!), first);
}

/** Reorders axes: axis i of the result is axis permutation[i] of x. Without a permutation the axes are reversed. */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
  const normal = permutation
    ? permutation.map((axis) => normaliseAxis("transpose", axis, x.rank))
    : x.shape.map((_, axis) => x.rank - 1 - axis);
  return normal.length === x.rank && normal.every((axis, position) => axis === position)
    ? x
    : bind(transposeOp, [x], { permutation: normal });
}
