import type { Tensor } from "../ir/tensor.js";
import { greater } from "../ops/greater.js";
import { log } from "../ops/log.js";
import { mul } from "../ops/mul.js";
import { where } from "../ops/where.js";

/** x·log y with 0·log 0 = 0; where x is 0 both derivatives are 0. */
export function xLogY(x: Tensor, y: Tensor): Tensor {
  const counts = greater(x, 0);
  return where(counts, mul(x, log(where(counts, y, 1))), 0);
}
