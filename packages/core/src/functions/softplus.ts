import type { Tensor } from "../ir/tensor.js";
import { abs } from "../ops/abs.js";
import { add } from "../ops/add.js";
import { exp } from "../ops/exp.js";
import { mul } from "../ops/mul.js";
import { neg } from "../ops/neg.js";
import { log1p } from "./log1p.js";

/** log(1 + eˣ) = x/2 + |x|/2 + log(1 + e^−|x|): no overflow, no lost tail, and the derivative at 0 is ½. */
export function softplus(x: Tensor): Tensor {
  const size = abs(x);
  return add(mul(add(x, size), 0.5), log1p(exp(neg(size))));
}
