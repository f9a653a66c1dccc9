import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { sin } from "./sin.js";

export const cosOp = defineOp("cos", {
  infer: elementwise("cos", FLOATS),
  vjp: ({ inputs: [x], dy }) => [neg(mul(dy, sin(x!)))],
});

/** Elementwise cosine of an angle in radians; x̄ = −ȳ·sin x. */
export function cos(x: Tensor): Tensor {
  return bind(cosOp, [x], null);
}
