import type { Tensor } from "../ir/tensor.js";
import { div } from "../ops/div.js";
import { exp } from "../ops/exp.js";
import { max } from "../ops/max.js";
import { stopGradient } from "../ops/stop-gradient.js";
import { sub } from "../ops/sub.js";
import { sum } from "../ops/sum.js";

/** eˣ/Σ eˣ along an axis, shifted by the maximum so that nothing overflows. */
export function softmax(x: Tensor, axis = -1): Tensor {
  const weights = exp(sub(x, stopGradient(max(x, { axes: [axis], keepDims: true }))));
  return div(weights, sum(weights, { axes: [axis], keepDims: true }));
}
