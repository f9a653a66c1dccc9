import { sameShape, type Tensor } from "@semblance/core";
import type { Surroundings } from "./fuse-matmul.js";
import type { Recipe } from "./lower.js";
import type { GraphBuilder } from "./onnx/graph-builder.js";

/**
 * Pixels repeated in both directions, [a, b, h, w] → [a, b, h·s, w·s], as it is written with `expand`: the cotangent of a mean over
 * windows that do not overlap. onnxruntime's `Resize` doubles a picture of 14×14 at 1 ns a pixel, and its `Expand` repeats single
 * elements at 10.
 */
export function fuseRepeat(tensor: Tensor, { provider, isPrivate }: Surroundings): Recipe | undefined {
  if (provider !== "cpu" || tensor.dtype !== "float32" || tensor.op.name !== "reshape" || tensor.rank !== 4)
    return undefined;
  const [wide] = tensor.inputs as [Tensor];
  if (wide.op.name !== "expand" || wide.rank !== 6 || !isPrivate(wide)) return undefined;
  const [apart] = wide.inputs as [Tensor];
  if (apart.op.name !== "reshape") return undefined;
  const [x] = apart.inputs as [Tensor];
  const [a, b, h, rows, w, columns] = wide.shape as [number, number, number, number, number, number];
  const repeats =
    sameShape(apart.shape, [a, b, h, 1, w, 1]) &&
    sameShape(x.shape, [a, b, h, w]) &&
    sameShape(tensor.shape, [a, b, h * rows, w * columns]);
  if (!repeats) return undefined;
  return { sources: [x], emit: ([value], graph) => resized(graph, value!, tensor, [1, 1, rows, columns]) };
}

function resized(graph: GraphBuilder, x: Parameters<GraphBuilder["output"]>[0], to: Tensor, scales: number[]) {
  const factors = graph.constant({ dtype: "float32", shape: [4], data: Float32Array.from(scales) });
  return graph.node("Resize", [x, undefined, factors], to, {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
}
