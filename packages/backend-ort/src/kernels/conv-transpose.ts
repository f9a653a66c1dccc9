import type { AttributesOf } from "@semblance/core";
import type { KernelCall } from "../kernel.js";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";
import { convolved, turned } from "./conv.js";
import { convolvedBackByRows, isFasterByRows } from "./conv-by-rows.js";
import { padded, reshaped, sliced, transposed } from "./movement.js";

type Attributes = AttributesOf<"convTranspose">;

/** Below this many channels onnxruntime's `ConvTranspose` beats a convolution with the turned filter (measured, 1 thread). */
const FEW_CHANNELS = 16;

/**
 * Transposed convolution: onnxruntime's `ConvTranspose`, or the convolution of the spread input with the turned filter where that
 * is faster (stride 1, many channels) or the only way (float64; groups and volumes on WebGPU).
 */
export function convTranspose(call: KernelCall<Attributes>): Value {
  const { graph, provider, inputs, attributes, to } = call;
  const { strides, dilations, before, after, groups, size } = attributes;
  const [x, w] = inputs as [Value, Value];
  const strided = strides.some((stride) => stride > 1);
  const isFaster = !strided && w.shape[1]! >= FEW_CHANNELS && margins(call).every((margin) => margin >= 0);
  // WebGPU's is silently wrong for groups that give one channel each, and has no third axis.
  const isBroken = to.dtype === "float64" || (provider === "webgpu" && (groups > 1 || size.length > 2));
  if (isBroken || isFaster) return convolvedBack(call);
  const rest = size.map((extent, axis) => {
    const span = dilations[axis]! * (w.shape[axis + 2]! - 1) + 1;
    return extent - ((x.shape[axis + 2]! - 1) * strides[axis]! + span - before[axis]! - after[axis]!);
  });
  return graph.node("ConvTranspose", [x, w], to, {
    strides,
    dilations,
    pads: [...before, ...after],
    output_padding: rest,
    group: groups,
    kernel_shape: w.shape.slice(2),
  });
}

/** How far the turned filter reaches before the spread input; negative where the padding was wider than the filter. */
function margins({ inputs, attributes: { before, after, dilations } }: KernelCall<Attributes>): number[] {
  return [...before, ...after].map((padding, at) => {
    const axis = at % before.length;
    return dilations[axis]! * (inputs[1]!.shape[axis + 2]! - 1) - padding;
  });
}

function convolvedBack(call: KernelCall<Attributes>): Value {
  const { graph, provider, inputs, attributes, to } = call;
  const { strides, dilations, groups, size } = attributes;
  const [x, w] = inputs as [Value, Value];
  const axes = size.length;
  const spread = strides.reduce((value, stride, axis) => stuffed(graph, value, axis + 2, stride), x);
  const before = margins(call).slice(0, axes);
  // What the strides of the forward convolution left over at the end is margin too.
  const after = size.map(
    (extent, axis) => extent + dilations[axis]! * (w.shape[axis + 2]! - 1) - before[axis]! - spread.shape[axis + 2]!,
  );
  const cut = cropped(graph, spread, before, after);
  const geometry = {
    strides: strides.map(() => 1),
    dilations,
    groups,
    before: before.map((margin) => Math.max(margin, 0)),
    after: after.map((margin) => Math.max(margin, 0)),
  };
  if (provider === "cpu" && isFasterByRows(cut, geometry, to)) {
    return convolvedBackByRows(graph, cut, w, geometry, to.shape);
  }
  return convolved(graph, provider, cut, exchanged(graph, turned(graph, w), groups), geometry, to.shape);
}

/** A filter [I, O/groups, …] as the one [O, I/groups, …] of the opposite direction. */
function exchanged(graph: GraphBuilder, w: Value, groups: number): Value {
  const [from, to, ...kernel] = w.shape as [number, number, ...number[]];
  const parted = reshaped(graph, w, [groups, from / groups, to, ...kernel]);
  const swapped = transposed(graph, parted, [0, 2, 1, ...kernel.map((_, axis) => axis + 3)]);
  return reshaped(graph, swapped, [groups * to, from / groups, ...kernel]);
}

/** Puts stride − 1 zeros between neighbours along an axis. */
function stuffed(graph: GraphBuilder, x: Value, axis: number, stride: number): Value {
  const extent = x.shape[axis]!;
  if (stride === 1 || extent === 1) return x;
  const [outer, inner] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const apart = reshaped(graph, x, [...outer, extent, 1, ...inner]);
  const wide = padded(graph, apart, {
    before: apart.shape.map(() => 0),
    after: apart.shape.map((_, at) => (at === axis + 1 ? stride - 1 : 0)),
    value: 0,
  });
  const flat = reshaped(graph, wide, [...outer, extent * stride, ...inner]);
  return sliced(graph, flat, {
    starts: flat.shape.map(() => 0),
    sizes: [...outer, (extent - 1) * stride + 1, ...inner],
    steps: flat.shape.map(() => 1),
  });
}

/** Drops what negative margins say. */
function cropped(graph: GraphBuilder, x: Value, before: readonly number[], after: readonly number[]): Value {
  const starts = [0, 0, ...before.map((margin) => Math.max(-margin, 0))];
  const ends = [0, 0, ...after.map((margin) => Math.max(-margin, 0))];
  return sliced(graph, x, {
    starts,
    sizes: x.shape.map((extent, axis) => extent - starts[axis]! - ends[axis]!),
    steps: x.shape.map(() => 1),
  });
}
