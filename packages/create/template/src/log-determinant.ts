import { callHost, defineHostOperator, matmul, matrixTranspose, mul, ndarray, neg, type Tensor } from "@semblance/core";
import { cholesky, solveUnit } from "./cholesky.js";

/**
 * A host operator runs on the host's arrays between two pieces of the program, on every backend. It owes three things: the shapes of
 * its outputs, the numbers (inputs are not to be changed), and the cotangents of its inputs.
 *
 *     y = A⁻¹        Ā = −A⁻ᵀ Ȳ A⁻ᵀ        A: [k, k]  →  [k, k]
 */
const inverseOperator = defineHostOperator<null>({
  name: "{{family}}/inverse",
  infer: ([a]) => [a!],
  run([a]) {
    const k = a!.shape[0]!;
    const l = cholesky(a!.data, k);
    // A⁻¹ is symmetric, so its columns are its rows.
    const rows = Array.from({ length: k }, (_, column) => [...solveUnit(l, k, column)]);
    return [ndarray(a!.dtype, a!.shape, rows.flat())];
  },
  vjp({ outputs: [y], cotangents: [dy] }) {
    if (!dy) return [null];
    const transposed = matrixTranspose(y!);
    return [neg(matmul(matmul(transposed, dy), transposed))];
  },
});

/**
 *     y = log det A        Ā = ȳ A⁻¹        A: [k, k]  →  []
 */
const logDeterminantOperator = defineHostOperator<null>({
  name: "{{family}}/log-determinant",
  infer: ([a]) => [{ dtype: a!.dtype, shape: [] }],
  run([a]) {
    const k = a!.shape[0]!;
    const l = cholesky(a!.data, k);
    let sum = 0;
    for (let row = 0; row < k; row++) sum += 2 * Math.log(l[row * k + row]!);
    return [ndarray(a!.dtype, [], [sum])];
  },
  vjp: ({ inputs: [a], cotangents: [dy] }) => [dy ? mul(dy, inverse(a!)) : null],
});

/** The inverse of a symmetric positive definite matrix. */
export function inverse(a: Tensor): Tensor {
  return callHost(inverseOperator, [a], null)[0]!;
}

/** The logarithm of the determinant of a symmetric positive definite matrix. */
export function logDeterminant(a: Tensor): Tensor {
  return callHost(logDeterminantOperator, [a], null)[0]!;
}
