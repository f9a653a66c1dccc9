import { type AttributesOf, type NdArray, ndarray, type Shape, sameShape } from "@semblance/core";
import type { KernelCall } from "../kernel.js";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";
import { convert } from "./convert.js";
import { elementwise } from "./elementwise.js";
import { scalar } from "./scalar.js";

/** The same elements under another shape; nothing is added where it is the same shape. */
export function reshaped(graph: GraphBuilder, x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : graph.node("Reshape", [x, graph.int64(shape)], { shape, dtype: x.dtype });
}

export function transposed(graph: GraphBuilder, x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => x.shape[axis]!);
  // Moving axes of extent 1 about reorders nothing: a reshape, which copies nothing, does.
  const long = perm.filter((axis) => x.shape[axis]! > 1);
  if (long.every((axis, at) => at === 0 || long[at - 1]! < axis)) return reshaped(graph, x, shape);
  return graph.node("Transpose", [x], { shape, dtype: x.dtype }, { perm });
}

/** Elements starts[i] + j·steps[i] for sizes[i] of them; only axes that change are named. */
export function sliced(graph: GraphBuilder, x: Value, { starts, sizes, steps }: AttributesOf<"slice">): Value {
  const axes = x.shape.flatMap((extent, axis) =>
    starts[axis] === 0 && sizes[axis] === extent && steps[axis] === 1 ? [] : [axis],
  );
  if (axes.length === 0) return x;
  const ends = axes.map((axis) => {
    const last = starts[axis]! + (sizes[axis]! - 1) * steps[axis]!;
    if (steps[axis]! > 0) return last + 1;
    // An end of −1 would mean the last element; what ONNX clamps to “before the first” is anything below −extent.
    return last > 0 ? last - 1 : -x.shape[axis]! - 1;
  });
  const list = (of: readonly number[]) => graph.int64(axes.map((axis) => of[axis]!));
  return graph.node("Slice", [x, list(starts), graph.int64(ends), graph.int64(axes), list(steps)], {
    shape: sizes,
    dtype: x.dtype,
  });
}

export function padded(graph: GraphBuilder, x: Value, { before, after, value }: AttributesOf<"pad">): Value {
  if ([...before, ...after].every((width) => width === 0)) return x;
  const shape = x.shape.map((extent, axis) => before[axis]! + extent + after[axis]!);
  const fill = scalar(graph, value, x.dtype as NdArray["dtype"]);
  return graph.node("Pad", [x, graph.int64([...before, ...after]), fill], { shape, dtype: x.dtype });
}

/** Where of booleans does not exist in onnxruntime; as bytes they are the same. */
export function where(call: KernelCall<null>): Value {
  const { graph, inputs, to } = call;
  if (to.dtype !== "bool") return elementwise("Where")(call);
  const [condition, a, b] = inputs;
  const bytes = [a!, b!].map((x) => convert(graph, x, "uint8"));
  return convert(graph, graph.node("Where", [condition, ...bytes], { shape: to.shape, dtype: "uint8" }), "bool");
}

export function gather({ graph, inputs, attributes: { axis }, to }: KernelCall<AttributesOf<"gather">>): Value {
  return graph.node("Gather", inputs, to, { axis });
}

export function gatherElements(call: KernelCall<AttributesOf<"gatherElements">>): Value {
  return call.graph.node("GatherElements", call.inputs, call.to, { axis: call.attributes.axis });
}

export function scatterElements(call: KernelCall<AttributesOf<"scatterElements">>): Value {
  const { graph, inputs, attributes, to } = call;
  const [x, indices] = inputs;
  const zeros = graph.node("Expand", [scalar(graph, 0, to.dtype), graph.int64(to.shape)], to);
  return graph.node("ScatterElements", [zeros, indices, x], to, { axis: attributes.axis, reduction: "add" });
}

export function concat({ graph, inputs, attributes: { axis }, to }: KernelCall<AttributesOf<"concat">>): Value {
  return graph.node("Concat", inputs, to, { axis });
}

/** The bytes of a folded array as a constant of the graph. */
export function constant({ graph, attributes }: KernelCall<AttributesOf<"constant">>): Value {
  const { dtype, shape, data } = attributes.value;
  return graph.constant(ndarray(dtype, shape, data));
}
