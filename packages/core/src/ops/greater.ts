import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const greaterOp = defineOp("greater", {
  infer: broadcasting("greater", NUMBERS, "bool"),
  vjp: "none",
});

/** Elementwise comparison with broadcasting: whether a > b, as booleans. */
export function greater(a: Operand, b: Operand): Tensor {
  return bind(greaterOp, pair("greater", a, b), null);
}
