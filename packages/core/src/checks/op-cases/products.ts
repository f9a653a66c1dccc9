import { matrixTranspose } from "../../functions/matrix-transpose.js";
import { matmul } from "../../ops/matmul.js";
import { normal, values } from "./draw.js";
import { opCase, SUMMED } from "./op-case.js";

const both = { tolerance: SUMMED, differentiable: [0, 1] };

export const productsCases = {
  matmul: [
    opCase("of matrices", [normal(2, 3), normal(3, 4)], matmul, both),
    opCase("of a row and a column", [normal(1, 5), normal(5, 1)], matmul, both),
    opCase("of a column and a row", [normal(3, 1), normal(1, 2)], matmul, both),
    opCase("of batches", [normal(3, 2, 4), normal(3, 4, 2)], matmul, both),
    opCase("of a batch and a shared matrix", [normal(3, 2, 4), normal(4, 2)], matmul, both),
    opCase("of a shared matrix and a batch", [normal(2, 4), normal(3, 4, 2)], matmul, both),
    opCase("of batches broadcast both ways", [normal(2, 1, 2, 3), normal(3, 3, 2)], matmul, both),
    opCase("of rank 6", [normal(2, 1, 2, 1, 2, 3), normal(1, 2, 1, 2, 3, 2)], matmul, both),
    opCase("over nothing gives zeros", [normal(2, 0), normal(0, 3)], matmul, both),
    opCase("of no rows", [normal(0, 3), normal(3, 2)], matmul, both),
    opCase("of an empty batch", [normal(0, 2, 3), normal(3, 2)], matmul, both),
    opCase("with its own transpose", [normal(3, 2)], (x) => matmul(x, matrixTranspose(x)), {
      ...both,
      differentiable: [0],
    }),
    opCase("of sizes that fill no block", [normal(33, 67), normal(67, 19)], matmul, {
      tolerance: { float32: 3e-5, float64: 1e-12 },
    }),
    opCase("of 1e±30", [values([1, 3], [1e30, -1e30, 1e-30]), values([3, 1], [1e-30, 1e-30, 1])], matmul, {
      tolerance: SUMMED,
    }),
  ],
} as const;
