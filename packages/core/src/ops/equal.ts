import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { ANY, broadcasting } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const equalOp = defineOp("equal", {
  infer: broadcasting("equal", ANY, "bool"),
  vjp: "none",
});

/** Elementwise comparison with broadcasting: whether a = b, as booleans. */
export function equal(a: Operand, b: Operand): Tensor {
  return bind(equalOp, pair("equal", a, b), null);
}
