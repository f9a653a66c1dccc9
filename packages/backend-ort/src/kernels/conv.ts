import { type AttributesOf, type ConvolutionGeometry, type Shape, sizeOf } from "@semblance/core";
import type { KernelCall, Provider } from "../kernel.js";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";
import { convolvedByRows, isFasterByRows } from "./conv-by-rows.js";
import { padded, reshaped, sliced } from "./movement.js";
import { columns } from "./windows.js";

/**
 * Convolution: onnxruntime's `Conv` in float32. It has none in float64, and none to trust in groups on WebGPU, where every
 * window becomes a column and the filter one matrix (per group) that multiplies them.
 */
export function conv({ graph, provider, inputs, attributes, to }: KernelCall<AttributesOf<"conv">>): Value {
  const [x, w] = inputs as [Value, Value];
  return convolved(graph, provider, x, w, attributes, to.shape);
}

export function convolved(
  graph: GraphBuilder,
  provider: Provider,
  x: Value,
  w: Value,
  geometry: ConvolutionGeometry,
  shape: Shape,
): Value {
  // WebGPU's is silently wrong for some groups (an even number of them giving 6 channels each), and has none of volumes.
  const isBroken = x.dtype === "float64" || (provider === "webgpu" && geometry.groups > 1);
  if (isBroken) return convolvedByColumns(graph, x, w, geometry, shape);
  if (provider === "cpu" && isFasterByRows(x, geometry, { shape, dtype: x.dtype })) {
    return convolvedByRows(graph, x, w, geometry, shape);
  }
  const { strides, dilations, before, after, groups } = geometry;
  const attributes = { strides, dilations, pads: [...before, ...after], group: groups, kernel_shape: w.shape.slice(2) };
  const [wideX, wideW] = provider === "webgpu" ? avoidWrongChannels(graph, x, w) : [x, w];
  return graph.node("Conv", [wideX, wideW], { shape, dtype: x.dtype }, attributes);
}

function convolvedByColumns(
  graph: GraphBuilder,
  x: Value,
  w: Value,
  { strides, dilations, before, after, groups }: ConvolutionGeometry,
  shape: Shape,
): Value {
  const kernel = w.shape.slice(2);
  const places = shape.slice(2);
  const [batch, filters] = [shape[0]!, shape[1]!];
  const width = w.shape[1]! * sizeOf(kernel);
  const spots = sizeOf(places);
  const windows = columns(graph, x, { kernel, places, strides, dilations, before, after });
  const matrix = reshaped(graph, w, [1, groups, filters / groups, width]);
  const grouped = reshaped(graph, windows, [batch, groups, width, spots]);
  const product = graph.node("MatMul", [matrix, grouped], {
    shape: [batch, groups, filters / groups, spots],
    dtype: x.dtype,
  });
  return reshaped(graph, product, shape);
}

/**
 * onnxruntime 1.30's WebGPU `Conv` is silently wrong when the input channels are above 3, a multiple of 3 and not of 4, and the filters
 * are a multiple of 4 (for a window of one element only where there is padding). Channels of zeros up to a multiple of 4 change no sum.
 */
export function avoidWrongChannels(graph: GraphBuilder, x: Value, w: Value): [Value, Value] {
  const channels = w.shape[1]!;
  const wrong = channels > 3 && channels % 3 === 0 && channels % 4 !== 0 && w.shape[0]! % 4 === 0;
  if (!wrong) return [x, w];
  const missing = 4 - (channels % 4);
  const widen = (value: Value) =>
    padded(graph, value, {
      before: value.shape.map(() => 0),
      after: value.shape.map((_, axis) => (axis === 1 ? missing : 0)),
      value: 0,
    });
  return [widen(x), widen(w)];
}

/** A filter turned round in space: its last element first along every spatial axis. */
export function turned(graph: GraphBuilder, w: Value): Value {
  const spatial = (axis: number) => axis >= 2 && w.shape[axis]! > 1;
  return sliced(graph, w, {
    starts: w.shape.map((extent, axis) => (spatial(axis) ? extent - 1 : 0)),
    sizes: w.shape,
    steps: w.shape.map((_, axis) => (spatial(axis) ? -1 : 1)),
  });
}
