import { type DType, ndarray } from "@semblance/core";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";

/** A number without axes, of the element type of what it stands beside. */
export function scalar(graph: GraphBuilder, value: number, dtype: DType): Value {
  return graph.constant(ndarray(dtype, [], [value]));
}

/** A tensor that holds one value everywhere. */
export function filled(
  graph: GraphBuilder,
  value: number,
  to: { readonly shape: readonly number[]; readonly dtype: DType },
) {
  const one = scalar(graph, value, to.dtype);
  return to.shape.length === 0 ? one : graph.node("Expand", [one, graph.int64(to.shape)], to);
}
