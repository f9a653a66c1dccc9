import { type WindowGeometry, type WindowOptions, windowCount, windowGeometry } from "./convolution.js";
import { FLOATS, fail, requireDType } from "./rules.js";
import type { TensorSpec } from "./tensor.js";

export interface PoolAttributes extends WindowGeometry {
  /** The spatial extents of the window. */
  readonly kernel: readonly number[];
}

export interface PoolOptions extends WindowOptions {
  readonly kernel: number | readonly number[];
}

/** Completes pooling options; windows do not overlap unless strides say so. */
export function poolAttributes(op: string, x: TensorSpec, options: PoolOptions): PoolAttributes {
  const axes = x.shape.length - 2;
  if (axes < 1) fail("RANK_MISMATCH", op, `x [${x.shape.join(", ")}] must be [N, C, …spatial]`);
  const kernel =
    typeof options.kernel === "number"
      ? Array.from({ length: axes }, () => options.kernel as number)
      : [...options.kernel];
  if (kernel.length !== axes || kernel.some((extent) => !Number.isInteger(extent) || extent < 1)) {
    fail("WINDOW_INVALID", op, `kernel [${kernel.join(", ")}] must be ${axes} positive whole numbers`);
  }
  const geometry = windowGeometry(op, axes, { ...options, strides: options.strides ?? kernel });
  kernel.forEach((extent, axis) => {
    if (geometry.before[axis]! >= extent || geometry.after[axis]! >= extent) {
      fail("WINDOW_INVALID", op, `padding of ${extent} or more would leave windows of ${extent} without any element`);
    }
  });
  return { kernel, ...geometry };
}

export function pooled(op: string): (inputs: readonly TensorSpec[], attributes: PoolAttributes) => TensorSpec {
  return ([x], { kernel, ...geometry }) => {
    requireDType(op, x!, FLOATS);
    // Padding would make room for a window that covers nothing, whose mean is not a number.
    if (x!.shape.slice(2).includes(0)) {
      fail("EMPTY_REDUCTION", op, `x [${x!.shape.join(", ")}] has a spatial axis without elements`);
    }
    const spatial = kernel.map((extent, axis) => windowCount(op, x!.shape[axis + 2]!, extent, geometry, axis));
    return { shape: [...x!.shape.slice(0, 2), ...spatial], dtype: x!.dtype };
  };
}
