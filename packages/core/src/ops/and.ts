import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { BOOL, broadcasting } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const andOp = defineOp("and", {
  infer: broadcasting("and", BOOL),
  vjp: "none",
});

/** Elementwise logical “and” of booleans with broadcasting: whether both are true. */
export function and(a: Operand, b: Operand): Tensor {
  return bind(andOp, pair("and", a, b), null);
}
