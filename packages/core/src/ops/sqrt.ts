import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { div } from "./div.js";
import { mul } from "./mul.js";

export const sqrtOp = defineOp("sqrt", {
  infer: elementwise("sqrt", FLOATS),
  vjp: ({ y, dy }) => [div(mul(dy, 0.5), y)],
});

/**
 * Elementwise square root, y = √x; x̄ = ȳ/(2y). Infinite derivative at 0: a norm whose derivative at 0 is 0 is
 * `euclideanNorm`, and `rootOrZero` is the root with that rule.
 */
export function sqrt(x: Tensor): Tensor {
  return bind(sqrtOp, [x], null);
}
