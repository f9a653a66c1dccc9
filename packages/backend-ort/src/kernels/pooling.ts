import { type AttributesOf, allocate, type NdArray, ndarray, sizeOf } from "@semblance/core";
import type { KernelCall } from "../kernel.js";
import type { Value } from "../onnx/graph-builder.js";
import { reshaped, transposed } from "./movement.js";
import { taps, tapsAlong } from "./windows.js";

/** From this many channels on they are laid last, so that a tap copies runs of them instead of single numbers. */
const MANY_CHANNELS = 16;

/** The largest element of each window, folded tap by tap: unlike onnxruntime's `MaxPool` it keeps NaN and windows of −∞. */
export function maxPool({ graph, inputs, attributes, to }: KernelCall<AttributesOf<"maxPool">>): Value {
  const [batch, channels, ...places] = to.shape as [number, number, ...number[]];
  const windows = { ...attributes, places, dilations: attributes.kernel.map(() => 1) };
  const [x] = inputs as [Value];
  const largest = (taps: readonly Value[], shape: readonly number[]) =>
    taps.reduce((held, tap) => graph.node("Max", [held, tap], { shape, dtype: to.dtype }));
  if (channels < MANY_CHANNELS) return largest(taps(graph, x, windows, Number.NEGATIVE_INFINITY), to.shape);
  const axes = places.map((_, axis) => axis + 1);
  const last = transposed(graph, x, [0, ...axes.map((axis) => axis + 1), 1]);
  const all = tapsAlong(graph, last, windows, 1, Number.NEGATIVE_INFINITY);
  // The reshape keeps onnxruntime from moving the first transposition through everything, only for it to meet the second.
  const flat = reshaped(graph, largest(all, [batch, ...places, channels]), [batch, sizeOf(places), channels]);
  return reshaped(graph, transposed(graph, flat, [0, 2, 1]), to.shape);
}

/** The mean of each window over the elements that it covers. onnxruntime has it in float32; in float64 the taps are added up. */
export function averagePool(call: KernelCall<AttributesOf<"averagePool">>): Value {
  const { graph, inputs, attributes, to } = call;
  const { kernel, strides, before, after } = attributes;
  if (to.dtype === "float32") {
    const pads = [...before, ...after];
    return graph.node("AveragePool", inputs, to, { kernel_shape: kernel, strides, pads, count_include_pad: 0 });
  }
  const windows = { ...attributes, places: to.shape.slice(2), dilations: kernel.map(() => 1) };
  const total = taps(graph, inputs[0]!, windows).reduce((sum, tap) => graph.node("Add", [sum, tap], to));
  return graph.node("Div", [total, graph.constant(coveredElements(call))], to);
}

/** How many elements of x, padding left out, each window covers: [1, 1, …places]. */
function coveredElements({ inputs, attributes, to }: KernelCall<AttributesOf<"averagePool">>): NdArray {
  const { kernel, strides, before } = attributes;
  const places = to.shape.slice(2);
  const data = allocate(to.dtype, sizeOf(places));
  for (let index = 0; index < data.length; index++) {
    let rest = index;
    let count = 1;
    for (let axis = places.length - 1; axis >= 0; axis--) {
      const start = (rest % places[axis]!) * strides[axis]! - before[axis]!;
      rest = Math.floor(rest / places[axis]!);
      count *= Math.min(start + kernel[axis]!, inputs[0]!.shape[axis + 2]!) - Math.max(start, 0);
    }
    data[index] = count;
  }
  return ndarray(to.dtype, [1, 1, ...places], data);
}
