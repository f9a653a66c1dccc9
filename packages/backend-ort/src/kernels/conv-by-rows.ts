import { type ConvolutionGeometry, type Shape, sizeOf } from "@semblance/core";
import type { GraphBuilder, Value, ValueSpec } from "../onnx/graph-builder.js";
import { reshaped, transposed } from "./movement.js";
import { tapsAlong, type Windows } from "./windows.js";

/**
 * A convolution as one matrix product for the whole batch.
 *
 *     Y [N·t, O] = rows(X) [N·t, k·C] · Wᵀ [k·C, O]
 *
 * onnxruntime's `Conv` makes a product for each picture; where a picture has fewer places than there are filters, the threads find
 * nothing in it to share: 128 filters of 128×3×3 on 4×4 places took 3.8 ms with one thread and with two; as rows 3.4 and 1.7, and 0.5 for
 * laying them out, which the filter's cotangent needs as well and onnxruntime, finding the same nodes twice, does once.
 */
export function convolvedByRows(
  graph: GraphBuilder,
  x: Value,
  w: Value,
  geometry: ConvolutionGeometry,
  shape: Shape,
): Value {
  const axes = w.shape.slice(2).map((_, axis) => axis + 2);
  return product(graph, x, w, geometry, shape, { order: [0, ...axes, 1], backwards: false });
}

/** The same with the filter w [C, O, …k] of the opposite direction, turned round: its rows hold the window's elements backwards instead. */
export function convolvedBackByRows(
  graph: GraphBuilder,
  x: Value,
  w: Value,
  geometry: ConvolutionGeometry,
  shape: Shape,
): Value {
  const axes = w.shape.slice(2).map((_, axis) => axis + 2);
  return product(graph, x, w, geometry, shape, { order: [1, ...axes, 0], backwards: true });
}

function product(
  graph: GraphBuilder,
  x: Value,
  w: Value,
  geometry: ConvolutionGeometry,
  shape: Shape,
  { order, backwards }: { readonly order: readonly number[]; readonly backwards: boolean },
): Value {
  const [batch, filters, ...places] = shape as [number, number, ...number[]];
  const rows = windowRows(graph, x, { ...geometry, kernel: w.shape.slice(2), places }, backwards);
  const matrix = reshaped(graph, transposed(graph, w, order), [filters, rows.shape[1]!]);
  const to = { shape: [rows.shape[0]!, filters], dtype: x.dtype };
  const all = graph.node("Gemm", [rows, matrix], to, { transB: 1 });
  const apart = reshaped(graph, all, [batch, sizeOf(places), filters]);
  return reshaped(graph, transposed(graph, apart, [0, 2, 1]), shape);
}

const SMALLEST_BATCH = 16;
/** With fewer channels, a convolution of its own or columns are faster (measured, 1 thread). */
const MANY_CHANNELS = 64;

/** Whether rows beat onnxruntime's `Conv`: few places, many filters, and a batch that makes up for it. */
export function isFasterByRows(x: Value, { groups }: ConvolutionGeometry, { shape, dtype }: ValueSpec): boolean {
  const [batch, filters, ...places] = shape as [number, number, ...number[]];
  const narrow = x.shape[1]! < MANY_CHANNELS || sizeOf(places) * 4 > filters;
  return dtype === "float32" && groups === 1 && batch >= SMALLEST_BATCH && !narrow;
}

/** Every window over x [N, C, …s] as a row, [N·t, k·C], channels fastest: pixels are copied with all their channels at once. */
export function windowRows(graph: GraphBuilder, x: Value, windows: Windows, backwards = false): Value {
  const [batch, channels] = [x.shape[0]!, x.shape[1]!];
  const axes = windows.kernel.map((_, axis) => axis + 2);
  const last = transposed(graph, x, [0, ...axes, 1]);
  const count = batch * sizeOf(windows.places);
  const taps = tapsAlong(graph, last, windows, 1).map((tap) => reshaped(graph, tap, [count, channels]));
  if (backwards) taps.reverse();
  if (taps.length === 1) return taps[0]!;
  return graph.node("Concat", taps, { shape: [count, taps.length * channels], dtype: x.dtype }, { axis: 1 });
}
