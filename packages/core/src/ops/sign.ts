import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, NUMBERS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const signOp = defineOp("sign", {
  infer: elementwise("sign", NUMBERS),
  vjp: "none",
});

/** Elementwise sign, −1, 0 or 1, with sign(0) = 0. Its derivative is zero. */
export function sign(x: Tensor): Tensor {
  return bind(signOp, [x], null);
}
