import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { neg } from "./neg.js";

export const subOp = defineOp("sub", {
  infer: broadcasting("sub", NUMBERS),
  vjp: ({ dy }) => [dy, neg(dy)],
});

/** Elementwise difference with broadcasting, y = a − b; ā = ȳ, b̄ = −ȳ. */
export function sub(a: Operand, b: Operand): Tensor {
  return bind(subOp, pair("sub", a, b), null);
}
