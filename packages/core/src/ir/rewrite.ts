import type { Program } from "./program.js";
import { replaceResults, resultsOf, separateResults } from "./program.js";
import { Tensor, topologicalOrder } from "./tensor.js";

/** The same operator on other inputs; the tensor itself when nothing changed. Its shape and type are inferred anew. */
export function withInputs(tensor: Tensor, inputs: readonly Tensor[]): Tensor {
  if (inputs.every((input, position) => input === tensor.inputs[position])) return tensor;
  const { shape, dtype } = tensor.op.infer(inputs, tensor.attributes);
  return new Tensor(tensor.op, inputs, tensor.attributes, shape, dtype);
}

/**
 * Rebuilds what `results` depend on, inputs first. `visit` gets each tensor with its inputs already replaced and says what
 * stands in its place. What no result depends on is dropped on the way.
 */
export function rewriteTensors(results: readonly Tensor[], visit: (tensor: Tensor) => Tensor): Map<Tensor, Tensor> {
  const replaced = new Map<Tensor, Tensor>();
  for (const tensor of topologicalOrder(results)) {
    const inputs = tensor.inputs.map((input) => replaced.get(input)!);
    replaced.set(tensor, visit(withInputs(tensor, inputs)));
  }
  return replaced;
}

/** Rewrites a program. Where two results have become one tensor, or a result a leaf, it is copied: each needs a buffer of its own. */
export function rewriteProgram(program: Program, visit: (tensor: Tensor) => Tensor): Program {
  const replaced = rewriteTensors(resultsOf(program), visit);
  return separateResults(replaceResults(program, (tensor) => replaced.get(tensor)!));
}
