import type { ReductionOptions } from "../ir/reductions.js";
import { keepReduced } from "../ir/reductions.js";
import { normaliseAxes } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { abs } from "../ops/abs.js";
import { add } from "../ops/add.js";
import { equal } from "../ops/equal.js";
import { exp } from "../ops/exp.js";
import { log } from "../ops/log.js";
import { max } from "../ops/max.js";
import { reshape } from "../ops/reshape.js";
import { stopGradient } from "../ops/stop-gradient.js";
import { sub } from "../ops/sub.js";
import { sum } from "../ops/sum.js";
import { where } from "../ops/where.js";

/**
 * log Σ eˣ over axes (all of them by default), shifted by the maximum so that nothing overflows; −∞ where every x is −∞,
 * and ∞ where one is ∞. The shift is held constant: it cancels, and its derivative at ties would not.
 */
export function logSumExp(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = normaliseAxes("logSumExp", options.axes, x.rank);
  const largest = stopGradient(max(x, { axes, keepDims: true }));
  // An infinite shift would meet itself as ∞ − ∞.
  const shift = where(equal(abs(largest), Number.POSITIVE_INFINITY), 0, largest);
  const reduced = sum(exp(sub(x, shift)), { axes, keepDims: options.keepDims ?? false });
  return add(log(reduced), reshape(shift, reduced.shape));
}

/** log softmax along an axis, x − log Σ eˣ. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return sub(
    x,
    keepReduced(logSumExp(x, { axes: [axis] }), x, {
      axes: normaliseAxes("logSoftmax", [axis], x.rank),
      keepDims: false,
    }),
  );
}
