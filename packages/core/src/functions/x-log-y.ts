import type { Tensor } from "../ir/tensor.js";
import { equal } from "../ops/equal.js";
import { log } from "../ops/log.js";
import { mul } from "../ops/mul.js";
import { where } from "../ops/where.js";

/** x·log y with 0·log 0 = 0; where x is 0 both derivatives are 0. NaN stays NaN, so that a run that broke is noticed. */
export function xLogY(x: Tensor, y: Tensor): Tensor {
  const vanishes = equal(x, 0);
  return where(vanishes, 0, mul(x, log(where(vanishes, 1, y))));
}
