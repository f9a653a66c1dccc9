import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { add } from "./add.js";
import { cast } from "./cast.js";
import { equal } from "./equal.js";
import { less } from "./less.js";
import { mul } from "./mul.js";

export const minimumOp = defineOp("minimum", {
  infer: broadcasting("minimum", NUMBERS),
  vjp: ({ inputs: [a, b], dy }) => {
    const share = (x: Tensor, other: Tensor) =>
      mul(dy, add(cast(less(x, other), dy.dtype), mul(cast(equal(x, other), dy.dtype), 0.5)));
    return [share(a!, b!), share(b!, a!)];
  },
});

/** Elementwise smaller of two with broadcasting. The cotangent goes to the smaller one, half to each where they are equal. */
export function minimum(a: Operand, b: Operand): Tensor {
  return bind(minimumOp, pair("minimum", a, b), null);
}
