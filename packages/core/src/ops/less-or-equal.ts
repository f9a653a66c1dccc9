import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const lessOrEqualOp = defineOp("lessOrEqual", {
  infer: broadcasting("lessOrEqual", NUMBERS, "bool"),
  vjp: "none",
});

/** Elementwise comparison with broadcasting: whether a ≤ b, as booleans. */
export function lessOrEqual(a: Operand, b: Operand): Tensor {
  return bind(lessOrEqualOp, pair("lessOrEqual", a, b), null);
}
