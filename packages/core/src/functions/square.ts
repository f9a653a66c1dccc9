import type { Tensor } from "../ir/tensor.js";
import { mul } from "../ops/mul.js";

/** Elementwise x². */
export function square(x: Tensor): Tensor {
  return mul(x, x);
}
