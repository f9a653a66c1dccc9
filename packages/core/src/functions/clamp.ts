import type { Tensor } from "../ir/tensor.js";
import { greater } from "../ops/greater.js";
import { less } from "../ops/less.js";
import { where } from "../ops/where.js";

/** x kept within [low, high]; the derivative is 1 inside and on the border, 0 outside. */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  return where(less(x, low), low, where(greater(x, high), high, x));
}
