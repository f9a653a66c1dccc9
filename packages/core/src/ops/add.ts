import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const addOp = defineOp("add", {
  infer: broadcasting("add", NUMBERS),
  vjp: ({ dy }) => [dy, dy],
});

/** Elementwise sum with broadcasting, y = a + b; ā = ȳ, b̄ = ȳ. */
export function add(a: Operand, b: Operand): Tensor {
  return bind(addOp, pair("add", a, b), null);
}
