import { type AttributesOf, allocate, type Tensor } from "@semblance/core";
import { filled } from "./kernels/scalar.js";
import type { Recipe } from "./lower.js";

/**
 * Results that are known because no element goes in or comes out. onnxruntime's kernels differ in what they make of an axis without
 * elements, so none is ever given one.
 */
export function emptyResult(tensor: Tensor): Recipe | undefined {
  const { dtype, shape } = tensor;
  if (tensor.op.name === "constant") return undefined;
  if (tensor.size === 0) {
    return { sources: [], emit: (_, graph) => graph.constant({ dtype, shape, data: allocate(dtype, 0) }) };
  }
  if (tensor.inputs.every((input) => input.size > 0)) return undefined;
  const fill = (value: number): Recipe => ({ sources: [], emit: (_, graph) => filled(graph, value, tensor) });
  switch (tensor.op.name) {
    case "pad":
      return fill((tensor.attributes as AttributesOf<"pad">).value);
    case "concat": {
      const parts = tensor.inputs.filter((input) => input.size > 0);
      const { axis } = tensor.attributes as AttributesOf<"concat">;
      return {
        sources: parts,
        emit: (values, graph) => (values.length === 1 ? values[0]! : graph.node("Concat", values, tensor, { axis })),
      };
    }
    case "gather":
    case "gatherElements":
      // Elements are asked of an axis that has none; the index guard refuses every index before this is read.
      return fill(0);
    default:
      // Sums of nothing: reductions, products over an empty inner axis, convolutions without channels, scattering nothing.
      return fill(0);
  }
}
