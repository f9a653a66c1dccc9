import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { broadcasting, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { add } from "./add.js";
import { cast } from "./cast.js";
import { equal } from "./equal.js";
import { greater } from "./greater.js";
import { mul } from "./mul.js";

export const maximumOp = defineOp("maximum", {
  infer: broadcasting("maximum", NUMBERS),
  vjp: ({ inputs: [a, b], dy }) => {
    const share = (x: Tensor, other: Tensor) =>
      mul(dy, add(cast(greater(x, other), dy.dtype), mul(cast(equal(x, other), dy.dtype), 0.5)));
    return [share(a!, b!), share(b!, a!)];
  },
});

/** Elementwise larger of two with broadcasting. The cotangent goes to the larger one, half to each where they are equal. */
export function maximum(a: Operand, b: Operand): Tensor {
  return bind(maximumOp, pair("maximum", a, b), null);
}
