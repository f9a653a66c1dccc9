import type { ReductionOptions } from "../ir/reductions.js";
import { fail, normaliseAxes } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { div } from "../ops/div.js";
import { sum } from "../ops/sum.js";

/** Arithmetic mean over axes (all of them by default). @throws ShapeError EMPTY_REDUCTION over an axis without elements. */
export function mean(x: Tensor, options: ReductionOptions = {}): Tensor {
  const count = normaliseAxes("mean", options.axes, x.rank).reduce((product, axis) => product * x.shape[axis]!, 1);
  if (count === 0)
    fail("EMPTY_REDUCTION", "mean", "the mean of no elements is not defined", "Leave the empty case out.");
  return div(sum(x, options), count);
}
