import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { BOOL, broadcasting } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const orOp = defineOp("or", {
  infer: broadcasting("or", BOOL),
  vjp: "none",
});

/** Elementwise logical “or” of booleans with broadcasting: whether at least one is true. */
export function or(a: Operand, b: Operand): Tensor {
  return bind(orOp, pair("or", a, b), null);
}
