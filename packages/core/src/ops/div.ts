import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";

export const divOp = defineOp("div", {
  infer: broadcasting("div", FLOATS),
  vjp: ({ inputs: [, b], y, dy }) => [div(dy, b!), neg(mul(dy, div(y, b!)))],
});

/** Elementwise quotient of floats with broadcasting, y = a/b; ā = ȳ/b, b̄ = −ȳ·y/b. */
export function div(a: Operand, b: Operand): Tensor {
  return bind(divOp, pair("div", a, b), null);
}
