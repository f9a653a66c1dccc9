import { sameShape } from "../arrays/nd-array.js";
import { type ConvolutionGeometry, convolvedShape } from "../ir/convolution.js";
import { bind, defineOp } from "../ir/define-op.js";
import { fail } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { conv } from "./conv.js";
import { convTransposeTo } from "./conv-transpose.js";

export interface ConvFilterGradientAttributes extends ConvolutionGeometry {
  /** The spatial extents of the filter. */
  readonly kernel: readonly number[];
}

export const convFilterGradientOp = defineOp<"convFilterGradient", ConvFilterGradientAttributes>("convFilterGradient", {
  infer: ([x, dy], { kernel, ...geometry }) => {
    if ((x!.shape[1] ?? 0) % geometry.groups !== 0) {
      fail("CHANNEL_MISMATCH", "convFilterGradient", `${x!.shape[1]} channels do not make ${geometry.groups} groups`);
    }
    const filter = { shape: [dy!.shape[1] ?? 0, (x!.shape[1] ?? 0) / geometry.groups, ...kernel], dtype: x!.dtype };
    if (!sameShape(convolvedShape("convFilterGradient", x!, filter, geometry), dy!.shape)) {
      fail(
        "SHAPE_MISMATCH",
        "convFilterGradient",
        `a convolution of [${x!.shape.join(", ")}] with kernel [${kernel.join(", ")}] does not give [${dy!.shape.join(", ")}]`,
      );
    }
    return filter;
  },
  vjp: ({ inputs: [x, dy], dy: dw, attributes: { kernel: _, before, after, ...rest } }) => [
    convTransposeTo(dy!, dw, x!.shape.slice(2), { before, after, ...rest }),
    conv(x!, dw, { ...rest, padding: { before, after } }),
  ],
});

/**
 * The cotangent of a convolution's filter: w̄[o, c, k] = Σ over n and places t of x[n, c, t·stride + k·dilation]·ȳ[n, o, t].
 * A primitive of its own because its fastest form differs by backend and by shape.
 */
export function convFilterGradient(
  x: Tensor,
  dy: Tensor,
  kernel: readonly number[],
  geometry: ConvolutionGeometry,
): Tensor {
  const { strides, before, after, dilations, groups } = geometry;
  return bind(convFilterGradientOp, [x, dy], { strides, before, after, dilations, groups, kernel });
}
