import { unslice } from "../functions/unslice.js";
import { bind, defineOp } from "../ir/define-op.js";
import { fail, normaliseAxis } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

/** One entry per axis: element i of the result is element starts[axis] + i·steps[axis], for sizes[axis] of them. */
export interface SliceAttributes {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
  readonly steps: readonly number[];
}

export const sliceOp = defineOp<"slice", SliceAttributes>("slice", {
  infer: ([x], { starts, sizes, steps }) => {
    if (![starts, sizes, steps].every((list) => list.length === x!.shape.length && list.every(Number.isInteger))) {
      const given = `starts [${starts.join(", ")}], sizes [${sizes.join(", ")}] and steps [${steps.join(", ")}]`;
      fail("SLICE_INVALID", "slice", `${given} must be whole numbers, one for each of ${x!.shape.length} axes`);
    }
    x!.shape.forEach((extent, axis) => {
      const last = starts[axis]! + (sizes[axis]! - 1) * steps[axis]!;
      const outside = starts[axis]! < 0 || starts[axis]! >= extent || last < 0 || last >= extent;
      if (sizes[axis]! < 0 || steps[axis] === 0 || (sizes[axis]! > 0 && outside)) {
        fail(
          "SLICE_OUT_OF_RANGE",
          "slice",
          `axis ${axis} has ${extent} elements; ${sizes[axis]} from ${starts[axis]} in steps of ${steps[axis]} do not fit`,
        );
      }
    });
    return { shape: sizes, dtype: x!.dtype };
  },
  vjp: ({ inputs: [x], dy, attributes }) => [unslice(dy, x!.shape, attributes)],
});

export interface SliceOptions {
  readonly axis: number;
  /** First index; negative counts from the end. */
  readonly start?: number;
  /** Index after the last one (before the last one for a negative step); negative counts from the end. */
  readonly end?: number;
  readonly step?: number;
}

/**
 * Elements start, start + step, … before `end` along one axis. Bounds outside the axis are clipped to it, as JavaScript's `slice`
 * does. A negative step runs backwards, from the last element to the first unless `start` and `end` say otherwise.
 */
export function slice(x: Tensor, options: SliceOptions): Tensor {
  const axis = normaliseAxis("slice", options.axis, x.rank);
  const extent = x.shape[axis]!;
  const step = options.step ?? 1;
  const fromEnd = (index: number) => (index < 0 ? index + extent : index);
  // Backwards, the place after the last element taken is −1 for the whole axis; forwards it is the extent.
  const [lowest, highest] = step > 0 ? [0, extent] : [-1, extent - 1];
  const clip = (index: number) => Math.min(Math.max(fromEnd(index), lowest), highest);
  const start = options.start === undefined ? (step > 0 ? 0 : extent - 1) : clip(options.start);
  const end = options.end === undefined ? (step > 0 ? extent : -1) : clip(options.end);
  const size = Math.max(0, Math.ceil((end - start) / step));
  return sliceAxes(x, {
    starts: x.shape.map((_, other) => (other === axis ? start : 0)),
    sizes: x.shape.map((whole, other) => (other === axis ? size : whole)),
    steps: x.shape.map((_, other) => (other === axis ? step : 1)),
  });
}

/** Slices every axis at once. */
export function sliceAxes(x: Tensor, attributes: SliceAttributes): Tensor {
  const whole =
    [attributes.starts, attributes.sizes, attributes.steps].every((list) => list.length === x.rank) &&
    x.shape.every(
      (extent, axis) =>
        attributes.starts[axis] === 0 && attributes.sizes[axis] === extent && attributes.steps[axis] === 1,
    );
  return whole ? x : bind(sliceOp, [x], attributes);
}
