import { constant, evaluate, type FloatDType, isSemblanceError, Tensor, topologicalOrder } from "@semblance/core";
import { OnnxError } from "../errors.js";
import type { OnnxModel } from "../onnx-model.js";
import { operators } from "../operators/index.js";
import { countOf } from "../proto/read-tensor.js";
import { Call, type Given } from "./call.js";
import { computed, constantOf, typeOfResult, type Value } from "./value.js";

/** Tensors of at most this many elements are computed while translating where all their inputs are known: shapes are made so. */
const LARGEST_FOLDED = 2 ** 14;
/** All of a model's together. */
const MOST_FOLDED = 2 ** 22;
/** What takes long even on small tensors. */
const SLOW = new Set(["conv", "convTranspose", "convFilterGradient", "averagePool", "maxPool", "hostCall", "input"]);

/**
 * Writes the graph of a model with our primitives, given its inputs and weights.
 *
 * @throws OnnxError ONNX_NODE_INVALID and others, with the name of the node
 */
export function translate(
  model: OnnxModel,
  leaves: ReadonlyMap<string, Value>,
  float: FloatDType | undefined,
): ReadonlyMap<string, Value> {
  const values = new Map(leaves);
  let folded = 0;
  for (const node of model.nodes) {
    const inputs = node.inputs.map((name) => (name === "" ? undefined : values.get(name)!));
    const call = new Call(node, inputs, model.opset, float);
    const known = folded < MOST_FOLDED && inputs.every((value) => value?.known ?? true);
    const given = results(call, known);
    node.outputs.forEach((name, at) => {
      if (name === "") return;
      const each = given[at];
      if (!each) throw call.unsupported(`its result ${at} has no primitive`);
      const { tensor, type } = each instanceof Tensor ? { tensor: each, type: undefined } : each;
      if (known && constantOf(tensor)) folded += tensor.size;
      values.set(name, computed(name, type ?? typeOfResult(tensor.dtype, inputs, float), tensor));
    });
  }
  return values;
}

function results(call: Call, known: boolean): readonly Given[] {
  const operator = operators.get(call.node.operator)!;
  try {
    const given = operator.translate(call);
    const list: readonly Given[] = given instanceof Tensor || "tensor" in given ? [given] : given;
    return list.map((each) => {
      const { tensor } = each instanceof Tensor ? { tensor: each } : each;
      countOf(tensor.shape, call.where);
      const final = known ? fold(tensor) : tensor;
      return each instanceof Tensor ? final : { ...each, tensor: final };
    });
  } catch (error) {
    if (error instanceof OnnxError || !isSemblanceError(error)) throw error;
    // A shape that core refuses, told where it was met in the file.
    throw new OnnxError("ONNX_NODE_INVALID", error.message, {
      where: call.where,
      fix: error.fix ?? "Give the inputs the shapes that the model was exported for.",
      cause: error,
    });
  }
}

/** The numbers of a small tensor that depends on constants alone. */
function fold(tensor: Tensor): Tensor {
  if (constantOf(tensor)) return tensor;
  const order = topologicalOrder([tensor]);
  if (order.some(({ op, size }) => SLOW.has(op.name) || size > LARGEST_FOLDED)) return tensor;
  const arrays = new Map<Tensor, ReturnType<typeof evaluate>>();
  for (const each of order) {
    arrays.set(
      each,
      constantOf(each) ??
        evaluate(
          each,
          each.inputs.map((input) => arrays.get(input)!),
        ),
    );
  }
  return constant(arrays.get(tensor)!);
}
