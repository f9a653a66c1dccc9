import { bind, defineOp } from "../ir/define-op.js";
import { keepReduced, type ReductionAttributes, type ReductionOptions, reduction } from "../ir/reductions.js";
import { NUMBERS, normaliseAxes } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { expand } from "./expand.js";

export const sumOp = defineOp<"sum", ReductionAttributes>("sum", {
  infer: reduction("sum", NUMBERS, { allowEmpty: true }),
  vjp: ({ inputs: [x], dy, attributes }) => [expand(keepReduced(dy, x!, attributes), x!.shape)],
});

/**
 * Sum over axes (all of them by default), 0 over an empty axis; x̄ = ȳ along each summed axis. Backends keep the error of a long
 * float32 sum below that of a plain running sum.
 */
export function sum(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = normaliseAxes("sum", options.axes, x.rank);
  if (axes.length === 0) return x;
  return bind(sumOp, [x], { axes, keepDims: options.keepDims ?? false });
}
