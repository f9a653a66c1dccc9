import { type AttributesOf, allocate, type NdArray, ndarray, sizeOf } from "@semblance/core";
import type { KernelCall } from "../kernel.js";
import type { Value } from "../onnx/graph-builder.js";
import { taps } from "./windows.js";

/** The largest element of each window, folded tap by tap: unlike onnxruntime's `MaxPool` it keeps NaN and windows of −∞. */
export function maxPool({ graph, inputs, attributes, to }: KernelCall<AttributesOf<"maxPool">>): Value {
  const windows = { ...attributes, places: to.shape.slice(2), dilations: attributes.kernel.map(() => 1) };
  return taps(graph, inputs[0]!, windows, Number.NEGATIVE_INFINITY).reduce((largest, tap) =>
    graph.node("Max", [largest, tap], to),
  );
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
