import type { AttributesOf } from "@semblance/core";
import type { KernelCall, KernelTable, OrtKernel } from "../kernel.js";
import { arithmetic } from "../kernels/arithmetic.js";
import { convert } from "../kernels/convert.js";
import { erf } from "../kernels/erf.js";
import { sliced } from "../kernels/movement.js";
import { argTopK } from "../kernels/ordering.js";
import { sigmoid } from "../kernels/sigmoid.js";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";

/**
 * Primitives that onnxruntime 1.30's WebGPU kernels get silently wrong, lowered to what they get right. Everything else is lowered as
 * for the processor; float64 has no WebGPU kernels at all, so that onnxruntime computes it on the processor.
 */
export const webgpuKernels: Partial<KernelTable> = {
  // −∞ is given the index −1.
  argTopK: (call) => argTopK({ ...call, inputs: [onProcessor(call.graph, call.inputs[0]!)] }),
  // Off by up to 2⁻¹¹, which is all that Vulkan asks of a driver.
  cos: throughFloat64("Cos"),
  erf: erfNearZero,
  // NaN becomes ∞.
  exp: inFloat32("Exp", ({ graph, inputs: [x], to }) => keepNaN(graph, x!, graph.node("Exp", [x], to))),
  log: inFloat32("Log", logWithCorners),
  // A column to the power of a row fails in the run, 0 to the power of −1 is 0, and −8 to the power of ⅓ is 2.
  pow: throughFloat64("Pow"),
  // NaN becomes 0.
  relu: ({ graph, inputs: [x], to }) => arithmetic(graph, to).max(x!, 0),
  sigmoid: (call) => keepNaN(call.graph, call.inputs[0]!, sigmoid(call)),
  sin: throughFloat64("Sin"),
  slice: sliceBackwardsFromTheEnd,
  tanh: inFloat32("Tanh", tanhNearZero),
};

type Unary = KernelCall<null>;

/** A kernel for float32; other types take the ONNX operator as it is. */
function inFloat32(op: string, kernel: OrtKernel<null>): OrtKernel<null> {
  return (call) => (call.to.dtype === "float32" ? kernel(call) : call.graph.node(op, call.inputs, call.to));
}

/** A float32 operator by way of float64, which is computed on the processor: exact, and two copies across for rare operators. */
function throughFloat64(op: string): OrtKernel<null> {
  return inFloat32(op, ({ graph, inputs, to }) => {
    const wide = inputs.map((input) => onProcessor(graph, input));
    return convert(graph, graph.node(op, wide, { shape: to.shape, dtype: "float64" }), "float32");
  });
}

const onProcessor = (graph: GraphBuilder, x: Value) => (x.dtype === "float32" ? convert(graph, x, "float64") : x);

/** y, or NaN where x is: a run that diverged must not look well. */
function keepNaN(graph: GraphBuilder, x: Value, y: Value): Value {
  const isNumber = graph.node("Equal", [x, x], { shape: x.shape, dtype: "bool" });
  return graph.node("Where", [isNumber, y, x], y);
}

/** Theirs makes log 0 = −88, log −1 = 0 and log NaN = 89. */
function logWithCorners({ graph, inputs, to }: Unary): Value {
  const [x] = inputs as [Value];
  const { greater, greaterOrEqual, select } = arithmetic(graph, to);
  const atOrBelow = select(greaterOrEqual(x, 0), Number.NEGATIVE_INFINITY, Number.NaN);
  return select(greater(x, 0), graph.node("Log", [x], to), atOrBelow);
}

/**
 * Theirs is 1 − 2/(e²ˣ + 1) everywhere, which has no digit left below 1e−7. Near 0 an odd polynomial keeps them all.
 *
 * Source   Cephes, tanhf.c (Moshier, 1992)
 */
function tanhNearZero({ graph, inputs, to }: Unary): Value {
  const [x] = inputs as [Value];
  const { abs, exp, add, sub, mul, div, less, select } = arithmetic(graph, to);
  const far = sub(1, div(2, add(exp(mul(x, 2)), 1)));
  const near = oddPolynomial(graph, x, TANH);
  return keepNaN(graph, x, select(less(abs(x), 0.625), near, far));
}

/** Theirs is good to 1e−7 absolutely; below ½ the Taylor series is so relatively. */
function erfNearZero(call: Unary): Value {
  const { graph, inputs, to } = call;
  const [x] = inputs as [Value];
  if (to.dtype !== "float32") return erf(call);
  const { abs, less, select } = arithmetic(graph, to);
  return keepNaN(graph, x, select(less(abs(x), 0.5), oddPolynomial(graph, x, ERF), erf(call)));
}

/** c₀x + x³(c₁ + c₂x² + …). */
function oddPolynomial(graph: GraphBuilder, x: Value, coefficients: readonly number[]): Value {
  const { add, mul } = arithmetic(graph, { shape: x.shape, dtype: "float32" });
  const square = mul(x, x);
  const [last, ...others] = [...coefficients.slice(1)].reverse();
  const rest = others.reduce<Value | number>((sum, c) => add(mul(sum, square), c), last!);
  const leading = coefficients[0] === 1 ? x : mul(x, coefficients[0]!);
  return add(leading, mul(mul(x, square), rest));
}

const TANH = [1, -0.333332819422, 0.133314422036, -0.0537397155531, 0.0206390887954, -0.00570498872745];
/** 2/√π · (−1)ⁿ/(n!(2n + 1)). */
const ERF = Array.from({ length: 7 }, (_, n) => {
  const factorial = Array.from({ length: n }, (_unused, i) => i + 1).reduce((product, i) => product * i, 1);
  return ((2 / Math.sqrt(Math.PI)) * (-1) ** n) / (factorial * (2 * n + 1));
});

/** A slice with a negative step always begins at the last element there: what lies after the first one asked for is cut off before. */
function sliceBackwardsFromTheEnd({ graph, inputs, attributes }: KernelCall<AttributesOf<"slice">>): Value {
  const [x] = inputs as [Value];
  const { starts, sizes, steps } = attributes;
  const extents = x.shape.map((extent, axis) => (steps[axis]! < 0 ? starts[axis]! + 1 : extent));
  const cut = sliced(graph, x, { starts: x.shape.map(() => 0), sizes: extents, steps: x.shape.map(() => 1) });
  return sliced(graph, cut, { starts, sizes, steps });
}
