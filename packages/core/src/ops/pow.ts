import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { log } from "./log.js";
import { mul } from "./mul.js";
import { sub } from "./sub.js";

export const powOp = defineOp("pow", {
  infer: broadcasting("pow", FLOATS),
  vjp: ({ inputs: [a, b], y, dy }) => [mul(dy, mul(b!, pow(a!, sub(b!, 1)))), mul(dy, mul(y, log(a!)))],
});

/**
 * Elementwise power with broadcasting, y = aᵇ; ā = ȳ·b·aᵇ⁻¹, b̄ = ȳ·y·ln a. NaN for negative a and fractional b.
 */
export function pow(a: Operand, b: Operand): Tensor {
  return bind(powOp, pair("pow", a, b), null);
}
