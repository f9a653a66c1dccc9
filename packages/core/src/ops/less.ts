import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const lessOp = defineOp("less", {
  infer: broadcasting("less", NUMBERS, "bool"),
  vjp: "none",
});

/** Elementwise comparison with broadcasting: whether a < b, as booleans. */
export function less(a: Operand, b: Operand): Tensor {
  return bind(lessOp, pair("less", a, b), null);
}
