import { type AttributesOf, type ConvolutionGeometry, sizeOf } from "@semblance/core";
import type { TfjsKernel } from "../kernel.js";
import type { Operations } from "../operations.js";
import type { TfTensor } from "../tf-api.js";
import { concatenated, padded, sliced, transposed } from "./movement.js";

export const conv: TfjsKernel<AttributesOf<"conv">> = ({ tf, inputs: [x, w], attributes }) =>
  convolved(tf, x!, w!, attributes);

/** x [N, C, …s] convolved with w [O, C/groups, …k] over one to three axes. */
export function convolved(tf: Operations, x: TfTensor, w: TfTensor, geometry: ConvolutionGeometry): TfTensor {
  const { before, after, strides, dilations, groups } = geometry;
  const wide = padded(tf, x, { before: [0, 0, ...before], after: [0, 0, ...after], value: 0 });
  const filters = w.shape[0]! / groups;
  // The kernel for single channels takes strides or dilations, not both.
  const either = Math.max(...strides) === 1 || Math.max(...dilations) === 1;
  const byChannel = w.shape[1] === 1 && groups > 1 && either;
  if (groups === 1 || byChannel) return overAxes(tf, wide, w, strides, dilations, byChannel);
  const parts = Array.from({ length: groups }, (_, group) =>
    overAxes(
      tf,
      part(tf, wide, 1, group * w.shape[1]!, w.shape[1]!),
      part(tf, w, 0, group * filters, filters),
      strides,
      dilations,
      false,
    ),
  );
  return concatenated(tf, parts, 1);
}

/** Some neighbouring elements of an axis. */
export function part(tf: Operations, x: TfTensor, axis: number, start: number, size: number, step = 1): TfTensor {
  return sliced(tf, x, {
    starts: x.shape.map((_, at) => (at === axis ? start : 0)),
    sizes: x.shape.with(axis, size),
    steps: x.shape.map((_, at) => (at === axis ? step : 1)),
  });
}

/** TensorFlow.js convolves planes. A line is a plane of height 1, and a solid is as many planes as its filter is deep, summed. */
function overAxes(
  tf: Operations,
  x: TfTensor,
  w: TfTensor,
  strides: readonly number[],
  dilations: readonly number[],
  byChannel: boolean,
): TfTensor {
  const [batch, channels, ...space] = x.shape as [number, number, ...number[]];
  const [filters, width, ...kernel] = w.shape as [number, number, ...number[]];
  if (space.length === 1) {
    const plane = overPlane(
      tf,
      tf.reshape(x, [batch, channels, 1, ...space]),
      tf.reshape(w, [filters, width, 1, ...kernel]),
      [1, ...strides],
      [1, ...dilations],
      byChannel,
    );
    return tf.reshape(plane, [batch, filters, plane.shape[3]!]);
  }
  if (space.length === 2) return overPlane(tf, x, w, strides, dilations, byChannel);
  const depth = Math.floor((space[0]! - dilations[0]! * (kernel[0]! - 1) - 1) / strides[0]!) + 1;
  const layers = Array.from({ length: kernel[0]! }, (_, tap) => {
    const taken = part(tf, x, 2, tap * dilations[0]!, (depth - 1) * strides[0]! + 1);
    const planes = transposed(tf, part(tf, taken, 2, 0, depth, strides[0]!), [0, 2, 1, 3, 4]);
    const stacked = tf.reshape(planes, [batch * depth, channels, ...space.slice(1)]);
    const layer = tf.reshape(part(tf, w, 2, tap, 1), [filters, width, ...kernel.slice(1)]);
    return overPlane(tf, stacked, layer, strides.slice(1), dilations.slice(1), byChannel);
  });
  const total = layers.reduce((sum, layer) => tf.run("Add", { a: sum, b: layer }));
  const places = total.shape.slice(2);
  return transposed(tf, tf.reshape(total, [batch, depth, filters, ...places]), [0, 2, 1, 3, 4]);
}

/** Channels last, which is the only order that all devices know. */
function overPlane(
  tf: Operations,
  x: TfTensor,
  w: TfTensor,
  strides: readonly number[],
  dilations: readonly number[],
  byChannel: boolean,
): TfTensor {
  const attributes = { strides: [...strides], pad: "valid", dataFormat: "NHWC", dilations: [...dilations] };
  const last = transposed(tf, x, [0, 2, 3, 1]);
  if (byChannel) {
    const [filters, , high, wide] = w.shape as [number, number, number, number];
    const channels = x.shape[1]!;
    const perChannel = tf.reshape(w, [channels, filters / channels, high, wide]);
    const filter = transposed(tf, perChannel, [2, 3, 0, 1]);
    return transposed(tf, tf.run("DepthwiseConv2dNative", { x: last, filter }, attributes), [0, 3, 1, 2]);
  }
  const filter = transposed(tf, w, [2, 3, 1, 0]);
  return transposed(tf, tf.run("Conv2D", { x: last, filter }, attributes), [0, 3, 1, 2]);
}

/** A filter turned round in space: its last element first along every spatial axis. */
export function turned(tf: Operations, w: TfTensor): TfTensor {
  const spatial = (axis: number) => axis >= 2 && w.shape[axis]! > 1;
  return sliced(tf, w, {
    starts: w.shape.map((extent, axis) => (spatial(axis) ? extent - 1 : 0)),
    sizes: w.shape,
    steps: w.shape.map((_, axis) => (spatial(axis) ? -1 : 1)),
  });
}

/**
 * The cotangent of a filter: Xᵀ [C, N, …s] convolved with Ȳᵀ [O, N, …t], strides and dilations exchanged, gives [C, O, …k].
 * TensorFlow.js's own kernel is missing on wasm.
 */
export const convFilterGradient: TfjsKernel<AttributesOf<"convFilterGradient">> = ({
  tf,
  inputs: [x, dy],
  attributes,
  to,
}) => {
  const { strides, dilations, before, after, kernel, groups } = attributes;
  const exchange = [1, 0, ...kernel.map((_, axis) => axis + 2)];
  const [channels, filters] = [x!.shape[1]! / groups, dy!.shape[1]! / groups];
  const geometry = { strides: dilations, dilations: strides, before, after, groups: 1 };
  const parts = Array.from({ length: groups }, (_, group) => {
    const xs = transposed(tf, part(tf, x!, 1, group * channels, channels), exchange);
    const dys = transposed(tf, part(tf, dy!, 1, group * filters, filters), exchange);
    const wide = convolved(tf, xs, dys, geometry);
    // Elements of x that no window reached make the result larger than the filter.
    const exact = sliced(tf, wide, {
      starts: wide.shape.map(() => 0),
      sizes: [channels, filters, ...kernel],
      steps: wide.shape.map(() => 1),
    });
    return transposed(tf, exact, exchange);
  });
  return tf.reshape(concatenated(tf, parts, 0), to.shape);
};

/** The convolution of the input, spread by the strides, with the filter turned round and its channels exchanged. */
export const convTranspose: TfjsKernel<AttributesOf<"convTranspose">> = ({ tf, inputs: [x, w], attributes }) => {
  const { strides, dilations, before, groups, size } = attributes;
  const reach = size.map((_, axis) => dilations[axis]! * (w!.shape[axis + 2]! - 1));
  const spread = strides.reduce((value, stride, axis) => stuffed(tf, value, axis + 2, stride), x!);
  const front = reach.map((span, axis) => span - before[axis]!);
  // What the strides of the forward convolution left over at the end is margin too.
  const back = size.map((extent, axis) => extent + reach[axis]! - front[axis]! - spread.shape[axis + 2]!);
  const cut = sliced(tf, spread, {
    starts: [0, 0, ...front.map((margin) => Math.max(-margin, 0))],
    sizes: spread.shape.map((extent, axis) =>
      axis < 2 ? extent : extent - Math.max(-front[axis - 2]!, 0) - Math.max(-back[axis - 2]!, 0),
    ),
    steps: spread.shape.map(() => 1),
  });
  const margins = { before: front.map((m) => Math.max(m, 0)), after: back.map((m) => Math.max(m, 0)) };
  const ones = strides.map(() => 1);
  return convolved(tf, cut, exchanged(tf, turned(tf, w!), groups), { strides: ones, dilations, groups, ...margins });
};

/** A filter [I, O/groups, …] as the one [O, I/groups, …] of the opposite direction. */
function exchanged(tf: Operations, w: TfTensor, groups: number): TfTensor {
  const [from, to, ...kernel] = w.shape as [number, number, ...number[]];
  const parted = tf.reshape(w, [groups, from / groups, to, sizeOf(kernel)]);
  return tf.reshape(transposed(tf, parted, [0, 2, 1, 3]), [groups * to, from / groups, ...kernel]);
}

/** Puts stride − 1 zeros between neighbours along an axis. */
function stuffed(tf: Operations, x: TfTensor, axis: number, stride: number): TfTensor {
  const extent = x.shape[axis]!;
  if (stride === 1 || extent === 1) return x;
  const inner = sizeOf(x.shape.slice(axis + 1));
  const apart = tf.reshape(x, [x.size / inner, 1, inner]);
  const wide = padded(tf, apart, { before: [0, 0, 0], after: [0, stride - 1, 0], value: 0 });
  return part(tf, tf.reshape(wide, x.shape.with(axis, extent * stride)), axis, 0, (extent - 1) * stride + 1);
}
