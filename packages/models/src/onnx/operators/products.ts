import { add, isFloat, matmul, matrixTranspose, mul, reshape, type Tensor } from "@semblance/core";
import type { Call, Operator } from "../translate/call.js";
import { alignedAt } from "./broadcasting.js";
import { einsum } from "./einsum.js";

/** Matrix products. */
export const products: Readonly<Record<string, Operator>> = {
  Einsum: { translate: einsum },
  Gemm: { translate: gemm },
  MatMul: { translate: (call) => matrixProduct(call, call.number(0), call.number(1)) },
};

/** A vector on the left is a row, on the right a column; the axis that this adds goes away again. */
function matrixProduct(call: Call, a: Tensor, b: Tensor): Tensor {
  if (a.rank === 0 || b.rank === 0) throw call.fault("a factor without axes");
  if (!isFloat(a.dtype)) throw call.unsupported("products of whole matrices have no primitive");
  const left = a.rank === 1 ? reshape(a, [1, ...a.shape]) : a;
  const right = b.rank === 1 ? reshape(b, [...b.shape, 1]) : b;
  const y = matmul(left, right);
  const shape = [...y.shape];
  if (a.rank === 1) shape.splice(-2, 1);
  if (b.rank === 1) shape.splice(-1, 1);
  return reshape(y, shape);
}

/** α·A′·B′ + β·C, the factors transposed where asked for. */
function gemm(call: Call): Tensor {
  const [a, b] = [call.number(0), call.number(1)];
  if (a.rank !== 2 || b.rank !== 2) throw call.fault("Gemm takes matrices");
  const scaled = (x: Tensor, factor: number) => (factor === 1 ? x : mul(x, factor));
  const product = matmul(
    call.int("transA", 0) ? matrixTranspose(a) : a,
    call.int("transB", 0) ? matrixTranspose(b) : b,
  );
  const y = scaled(product, call.float32("alpha", 1));
  if (!call.has(2)) return y;
  const c = call.number(2);
  // One column was written as a vector where broadcasting had an axis.
  const aligned = call.opset < 7 && call.maybeInt("axis") === 0 ? alignedAt(c, 0, 2) : c;
  return add(y, scaled(aligned, call.float32("beta", 1)));
}
