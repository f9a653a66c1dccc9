import type { KernelCall } from "../kernel.js";
import type { Value } from "../onnx/graph-builder.js";
import { arithmetic } from "./arithmetic.js";

/**
 * Logistic function as 1/(1 + e⁻ˣ). onnxruntime's own float32 kernel clamps x to ±18, so that the logarithm of its result is wrong
 * by any amount below that; this form keeps the relative error at rounding level, and e⁻ˣ = ∞ gives the right 0.
 */
export function sigmoid({ graph, inputs, to }: KernelCall<null>): Value {
  const { add, exp, neg, reciprocal } = arithmetic(graph, to);
  return reciprocal(add(exp(neg(inputs[0]!)), 1));
}
