import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { greater } from "./greater.js";
import { where } from "./where.js";

export const reluOp = defineOp("relu", {
  infer: elementwise("relu", FLOATS),
  // Through y, which is positive where x is: x need not be held, and a backend may write y over it.
  vjp: ({ y, dy }) => [where(greater(y, 0), dy, 0)],
});

/** Elementwise positive part, y = max(x, 0); x̄ = ȳ where x > 0 and 0 elsewhere, the corner included. */
export function relu(x: Tensor): Tensor {
  return bind(reluOp, [x], null);
}
