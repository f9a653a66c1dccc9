import type { AttributesOf } from "@semblance/core";
import type { KernelCall } from "../kernel.js";
import type { Value } from "../onnx/graph-builder.js";
import { convert } from "./convert.js";

export function argMax({ graph, inputs: [x], attributes: { axis }, to }: KernelCall<AttributesOf<"argMax">>): Value {
  const at = graph.node("ArgMax", [x], { shape: to.shape, dtype: "int64" }, { axis, keepdims: 0 });
  return convert(graph, at, "int32");
}

/** ONNX fixes the order of equal elements as we do: the lower index first. */
export function argTopK(call: KernelCall<AttributesOf<"argTopK">>): Value {
  const { graph, inputs, attributes, to } = call;
  const { axis, k, largest } = attributes;
  const [, at] = graph.nodeWithOutputs(
    "TopK",
    [inputs[0], graph.int64([k])],
    [
      { shape: to.shape, dtype: inputs[0]!.dtype },
      { shape: to.shape, dtype: "int64" },
    ],
    { axis, largest: largest ? 1 : 0, sorted: 1 },
  );
  return convert(graph, at!, "int32");
}

export function cumulativeSum(call: KernelCall<AttributesOf<"cumulativeSum">>): Value {
  const { graph, inputs, attributes, to } = call;
  const { axis, exclusive, reverse } = attributes;
  return graph.node("CumSum", [inputs[0], graph.int64([axis])], to, {
    exclusive: exclusive ? 1 : 0,
    reverse: reverse ? 1 : 0,
  });
}
