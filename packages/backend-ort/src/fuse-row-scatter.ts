import type { AttributesOf, Tensor } from "@semblance/core";
import type { Surroundings } from "./fuse-matmul.js";
import { convert } from "./kernels/convert.js";
import { reshaped } from "./kernels/movement.js";
import { scalar } from "./kernels/scalar.js";
import type { Recipe } from "./lower.js";

/**
 * Whole rows put, or added, where a vector of indices says: the cotangent of taking rows. `gather` writes it with an index for each element,
 * of which onnxruntime's `ScatterElements` makes 20 ns each; `ScatterND` takes a row at a time, 512 × 512 numbers in 0.1 instead of 5 ms.
 *
 * On several threads `ScatterND` adds without waiting for one another, and of rows that meet some are lost (2 threads, 34 of 60 runs). There
 * it is used only where no two rows meet.
 */
export function fuseRowScatter(tensor: Tensor, { provider, threads }: Surroundings): Recipe | undefined {
  if (provider !== "cpu" || tensor.op.name !== "scatterElements") return undefined;
  const { axis, size, distinct } = tensor.attributes as AttributesOf<"scatterElements">;
  if (!distinct && threads > 1) return undefined;
  const [x, indices] = tensor.inputs as [Tensor, Tensor];
  const rows = x.shape[axis]!;
  const [each] = indices.op.name === "expand" ? indices.inputs : [];
  // Of a square of them, the indices may be one for each column as well.
  if (!each || each.size !== rows || each.shape.at(axis - indices.rank) !== rows) return undefined;
  if (x.shape.slice(0, axis).some((extent) => extent !== 1)) return undefined;
  const width = x.size / rows;
  return {
    sources: [x, each],
    indices: each,
    emit: ([values, places], graph) => {
      const to = { shape: [size, width], dtype: tensor.dtype };
      const zeros = graph.node("Expand", [scalar(graph, 0, to.dtype), graph.int64(to.shape)], to);
      const at = convert(graph, reshaped(graph, places!, [rows, 1]), "int64");
      const updates = reshaped(graph, values!, [rows, width]);
      const reduction = distinct ? "none" : "add";
      return reshaped(graph, graph.node("ScatterND", [zeros, at, updates], to, { reduction }), tensor.shape);
    },
  };
}
