import type { ReductionOptions } from "../ir/reductions.js";
import type { Tensor } from "../ir/tensor.js";
import { sum } from "../ops/sum.js";
import { rootOrZero } from "./root-or-zero.js";
import { square } from "./square.js";

/** ‖x‖₂ over axes (all of them by default); its derivative x/‖x‖ is taken as 0 at 0. */
export function euclideanNorm(x: Tensor, options: ReductionOptions = {}): Tensor {
  return rootOrZero(sum(square(x), options));
}
