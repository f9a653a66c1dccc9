import { bind, defineOp } from "../ir/define-op.js";
import { ANY, elementwise } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const identityOp = defineOp("identity", {
  infer: elementwise("identity", ANY),
  vjp: ({ dy }) => [dy],
});

/** A copy, y = x; x̄ = ȳ. Used where a value needs a name or a buffer of its own. */
export function identity(x: Tensor): Tensor {
  return bind(identityOp, [x], null);
}
