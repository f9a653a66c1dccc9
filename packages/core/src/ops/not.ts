import { bind, defineOp } from "../ir/define-op.js";
import { BOOL, elementwise } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const notOp = defineOp("not", {
  infer: elementwise("not", BOOL),
  vjp: "none",
});

/** Elementwise logical negation of booleans. */
export function not(x: Tensor): Tensor {
  return bind(notOp, [x], null);
}
