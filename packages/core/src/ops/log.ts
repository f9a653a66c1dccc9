import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { div } from "./div.js";

export const logOp = defineOp("log", {
  infer: elementwise("log", FLOATS),
  vjp: ({ inputs: [x], dy }) => [div(dy, x!)],
});

/** Elementwise natural logarithm, y = ln x; x̄ = ȳ/x. Minus infinity at 0, NaN below. */
export function log(x: Tensor): Tensor {
  return bind(logOp, [x], null);
}
