import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const greaterOrEqualOp = defineOp("greaterOrEqual", {
  infer: broadcasting("greaterOrEqual", NUMBERS, "bool"),
  vjp: "none",
});

/** Elementwise comparison with broadcasting: whether a ≥ b, as booleans. */
export function greaterOrEqual(a: Operand, b: Operand): Tensor {
  return bind(greaterOrEqualOp, pair("greaterOrEqual", a, b), null);
}
