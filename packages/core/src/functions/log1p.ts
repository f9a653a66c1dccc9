import type { Tensor } from "../ir/tensor.js";
import { abs } from "../ops/abs.js";
import { add } from "../ops/add.js";
import { div } from "../ops/div.js";
import { greater } from "../ops/greater.js";
import { log } from "../ops/log.js";
import { stopGradient } from "../ops/stop-gradient.js";
import { sub } from "../ops/sub.js";
import { where } from "../ops/where.js";

/**
 * log(1 + x), accurate also where 1 + x rounds: with u = 1 + x, log u − ((u − 1) − x)/u makes good what u lost (Goldberg).
 * Derivatives of every order are those of log(1 + x), because the correction is held constant.
 */
export function log1p(x: Tensor): Tensor {
  const u = add(x, 1);
  const lost = sub(sub(u, 1), x);
  // Nothing was lost where u is 0 or infinite, and lost/u would be no number there.
  return sub(log(u), stopGradient(where(greater(abs(lost), 0), div(lost, u), 0)));
}
