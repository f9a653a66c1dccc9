import {
  type ConvolutionGeometry,
  type ConvolutionOptions,
  convolutionGeometry,
  convolvedShape,
} from "../ir/convolution.js";
import { bind, defineOp } from "../ir/define-op.js";
import type { Tensor } from "../ir/tensor.js";
import { convFilterGradient } from "./conv-filter-gradient.js";
import { convTransposeTo } from "./conv-transpose.js";

export const convOp = defineOp<"conv", ConvolutionGeometry>("conv", {
  infer: ([x, w], geometry) => ({ shape: convolvedShape("conv", x!, w!, geometry), dtype: x!.dtype }),
  vjp: ({ inputs: [x, w], dy, attributes }) => [
    convTransposeTo(dy, w!, x!.shape.slice(2), attributes),
    convFilterGradient(x!, dy, w!.shape.slice(2), attributes),
  ],
});

/**
 * Convolution (cross-correlation) of x [N, C, …s] with w [O, C/groups, …k] over one, two or three spatial axes, with strides,
 * zero padding, dilations and groups; the result is [N, O, …t], t = ⌊(s + padding − dilation·(k − 1) − 1)/stride⌋ + 1.
 */
export function conv(x: Tensor, w: Tensor, options: ConvolutionOptions = {}): Tensor {
  return bind(convOp, [x, w], convolutionGeometry("conv", Math.max(x.rank - 2, 1), options));
}
