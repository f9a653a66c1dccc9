import { bind, defineOp } from "../ir/define-op.js";
import { elementwise, FLOATS } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { exp } from "./exp.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";

export const erfOp = defineOp("erf", {
  infer: elementwise("erf", FLOATS),
  vjp: ({ inputs: [x], dy }) => [mul(dy, mul(exp(neg(mul(x!, x!))), 2 / Math.sqrt(Math.PI)))],
});

/** Elementwise error function, y = 2/√π ∫₀ˣ e^(−t²) dt; x̄ = ȳ·2/√π·e^(−x²). */
export function erf(x: Tensor): Tensor {
  return bind(erfOp, [x], null);
}
