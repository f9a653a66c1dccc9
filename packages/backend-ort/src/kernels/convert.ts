import { type ElementType, elementTypeCodes } from "../onnx/element-types.js";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";

/** A value as another element type; itself when it has that type already. */
export function convert(graph: GraphBuilder, x: Value, dtype: ElementType): Value {
  return x.dtype === dtype ? x : graph.node("Cast", [x], { shape: x.shape, dtype }, { to: elementTypeCodes[dtype] });
}
