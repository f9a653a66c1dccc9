import type { ReductionOptions } from "../ir/reductions.js";
import type { Tensor } from "../ir/tensor.js";
import { sub } from "../ops/sub.js";
import { mean } from "./mean.js";
import { square } from "./square.js";

/** Mean squared deviation from the mean, in two passes (never E[x²] − E[x]², which cancels). */
export function variance(x: Tensor, options: ReductionOptions = {}): Tensor {
  const { keepDims: _, ...axes } = options;
  return mean(square(sub(x, mean(x, { ...axes, keepDims: true }))), options);
}
