import { sameShape } from "../arrays/nd-array.js";
import {
  type ConvolutionGeometry,
  type ConvolutionOptions,
  convolutionGeometry,
  convolvedShape,
} from "../ir/convolution.js";
import { bind, defineOp } from "../ir/define-op.js";
import { fail } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { conv } from "./conv.js";
import { convFilterGradient } from "./conv-filter-gradient.js";

export interface ConvTransposeAttributes extends ConvolutionGeometry {
  /** The spatial extents of the result: several are possible where the stride is above 1. */
  readonly size: readonly number[];
}

export const convTransposeOp = defineOp<"convTranspose", ConvTransposeAttributes>("convTranspose", {
  infer: ([x, w], { size, ...geometry }) => {
    const result = { shape: [x!.shape[0]!, (w!.shape[1] ?? 0) * geometry.groups, ...size], dtype: x!.dtype };
    if (!sameShape(convolvedShape("convTranspose", result, w!, geometry), x!.shape)) {
      fail(
        "SHAPE_MISMATCH",
        "convTranspose",
        `no convolution of [${result.shape.join(", ")}] with w [${w!.shape.join(", ")}] gives x [${x!.shape.join(", ")}]`,
      );
    }
    return result;
  },
  vjp: ({ inputs: [x, w], dy, attributes: { size: _, ...geometry } }) => [
    conv(dy, w!, asOptions(geometry)),
    convFilterGradient(dy, x!, w!.shape.slice(2), geometry),
  ],
});

const asOptions = ({ before, after, ...rest }: ConvolutionGeometry): ConvolutionOptions => ({
  ...rest,
  padding: { before, after },
});

/** The linear map that is the transpose of `conv` in its first argument, with the spatial extents that its result shall have. */
export function convTransposeTo(x: Tensor, w: Tensor, size: readonly number[], geometry: ConvolutionGeometry): Tensor {
  return bind(convTransposeOp, [x, w], { ...geometry, size });
}

/**
 * Transposed convolution of x [N, I, …t] with w [I, O/groups, …k]: [N, O, …s], s = (t − 1)·stride + dilation·(k − 1) + 1 − padding
 * + outputPadding.
 */
export function convTranspose(
  x: Tensor,
  w: Tensor,
  options: ConvolutionOptions & { readonly outputPadding?: number | readonly number[] } = {},
): Tensor {
  const geometry = convolutionGeometry("convTranspose", Math.max(x.rank - 2, 1), options);
  const extra = options.outputPadding ?? 0;
  const size = geometry.strides.map((stride, axis) => {
    const span = geometry.dilations[axis]! * (w.shape[axis + 2]! - 1) + 1;
    const padding = geometry.before[axis]! + geometry.after[axis]!;
    return (x.shape[axis + 2]! - 1) * stride + span - padding + (typeof extra === "number" ? extra : extra[axis]!);
  });
  return convTransposeTo(x, w, size, geometry);
}
