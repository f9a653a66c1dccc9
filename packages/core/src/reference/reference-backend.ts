import type { NdArray } from "../arrays/nd-array.js";
import type { Backend, Device } from "../contracts/backend.js";
import { backendFromDevice } from "../execution/backend-from-device.js";
import type { Graph } from "../ir/segments.js";
import { type Tensor, topologicalOrder } from "../ir/tensor.js";
import { evaluate } from "./evaluate.js";

/**
 * A plain interpreter in TypeScript that computes in float64 and stores each result in its tensor's type. Slow, without native code,
 * and the judge of every other backend; it runs wherever JavaScript runs.
 */
export function referenceBackend(): Backend {
  const device: Device<NdArray> = {
    name: "reference",
    device: "float64 interpreter (JavaScript)",
    float: "float64",
    compile: async (graph) => {
      const order = topologicalOrder(graph.outputs);
      return { run: async (inputs) => interpret(graph, order, inputs), dispose: () => {} };
    },
    upload: (array) => array,
    download: (array) => ({ ...array, data: array.data.slice() }),
    release: () => {},
    dispose: async () => {},
  };
  return backendFromDevice(device);
}

function interpret(graph: Graph, order: readonly Tensor[], inputs: readonly NdArray[]): NdArray[] {
  const values = new Map<Tensor, NdArray>(graph.inputs.map((tensor, index) => [tensor, inputs[index]!]));
  for (const tensor of order) {
    if (!values.has(tensor))
      values.set(
        tensor,
        evaluate(
          tensor,
          tensor.inputs.map((input) => values.get(input)!),
        ),
      );
  }
  return graph.outputs.map((tensor) => values.get(tensor)!);
}
