import { matrixTranspose } from "../functions/matrix-transpose.js";
import { bind, defineOp } from "../ir/define-op.js";
import { broadcastShapes, FLOATS, fail, requireDType, requireRank, requireSameDType } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const matmulOp = defineOp("matmul", {
  infer: ([a, b]) => {
    requireSameDType("matmul", [a!, b!]);
    requireDType("matmul", a!, FLOATS);
    requireRank("matmul", a!, 2, 0);
    requireRank("matmul", b!, 2, 1);
    const [rows, inner] = a!.shape.slice(-2);
    const [depth, columns] = b!.shape.slice(-2);
    if (inner !== depth) {
      fail(
        "INNER_MISMATCH",
        "matmul",
        `[${a!.shape.join(", ")}] · [${b!.shape.join(", ")}]: the inner extents ${inner} and ${depth} differ`,
        "The columns of the first factor are the rows of the second; transpose one of them where that is meant.",
      );
    }
    const batch = broadcastShapes("matmul", [a!.shape.slice(0, -2), b!.shape.slice(0, -2)]);
    return { shape: [...batch, rows!, columns!], dtype: a!.dtype };
  },
  vjp: ({ inputs: [a, b], dy }) => [matmul(dy, matrixTranspose(b!)), matmul(matrixTranspose(a!), dy)],
});

/** Matrix product of the last two axes, earlier axes broadcast, Y = A·B; Ā = Ȳ·Bᵀ, B̄ = Aᵀ·Ȳ. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  return bind(matmulOp, [a, b], null);
}
