import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const negOp = defineOp("neg", {
  infer: elementwise("neg", NUMBERS),
  vjp: ({ dy }) => [neg(dy)],
});

/** Elementwise negation, y = −x; x̄ = −ȳ. Numbers of any type. */
export function neg(x: Tensor): Tensor {
  return bind(negOp, [x], null);
}
