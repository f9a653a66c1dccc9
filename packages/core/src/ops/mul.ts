import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const mulOp = defineOp("mul", {
  infer: broadcasting("mul", NUMBERS),
  vjp: ({ inputs: [a, b], dy }) => [mul(dy, b!), mul(dy, a!)],
});

/** Elementwise product with broadcasting, y = a·b; ā = ȳ·b, b̄ = ȳ·a. */
export function mul(a: Operand, b: Operand): Tensor {
  return bind(mulOp, pair("mul", a, b), null);
}
