import { holds } from "../arrays/dtype.js";
import { sameShape, sizeOf } from "../arrays/nd-array.js";
import { GraphError } from "../errors.js";
import type { ConstantAttributes } from "../ops/constant.js";
import { ops } from "../ops/index.js";
import { leavesOf, type Program, resultsOf } from "./program.js";
import { realm } from "./realm.js";
import { type Tensor, type TensorSpec, topologicalOrder } from "./tensor.js";

/**
 * Checks that a program is well formed: every operator is a known primitive, inputs come before what is computed from them, shapes
 * and types are what the rules say, every leaf is one input or one carry, and every result is a computed tensor of its own.
 *
 * @throws GraphError GRAPH_INVALID
 */
export function verify(program: Program, when = "as traced"): void {
  const fault = (tensor: Tensor, what: string): never => {
    throw new GraphError("GRAPH_INVALID", `${tensor}: ${what}`, { where: `program "${program.name}", ${when}` });
  };
  const leaves = new Set<Tensor>();
  for (const leaf of leavesOf(program)) {
    if (leaf.op.name !== "input") fault(leaf, "is computed, and cannot be fed");
    if (leaves.has(leaf)) fault(leaf, "is fed under two names");
    leaves.add(leaf);
  }
  const results = resultsOf(program);
  for (const tensor of topologicalOrder(results)) {
    const { name } = tensor.op;
    if (!Object.hasOwn(ops, name) || !realm.primitives.has(tensor.op)) fault(tensor, "is not a primitive");
    for (const input of tensor.inputs) if (input.id >= tensor.id) fault(tensor, `reads ${input}, which is younger`);
    if (tensor.op.name === "input" && !leaves.has(tensor)) fault(tensor, "is a leaf of another program");
    if (tensor.op.name === "constant") {
      const { value } = tensor.attributes as ConstantAttributes;
      if (!holds(value.dtype, value.data) || value.data.length !== sizeOf(value.shape))
        fault(tensor, "holds other numbers");
    }
    const inferred = inferAgain(tensor, fault);
    if (inferred.dtype !== tensor.dtype || !sameShape(inferred.shape, tensor.shape)) {
      fault(tensor, `its rule says ${inferred.dtype}[${inferred.shape.join(", ")}]`);
    }
  }
  const seen = new Set<Tensor>();
  for (const result of results) {
    if (result.inputs.length === 0) fault(result, "is a leaf and a result");
    if (seen.has(result)) fault(result, "is two results");
    seen.add(result);
  }
  for (const [name, { input, next }] of Object.entries(program.carries)) {
    if (input.dtype !== next.dtype || !sameShape(input.shape, next.shape)) fault(next, `does not fit carry "${name}"`);
  }
}

function inferAgain(tensor: Tensor, fault: (tensor: Tensor, what: string) => never): TensorSpec {
  try {
    return tensor.op.infer(tensor.inputs, tensor.attributes);
  } catch (error) {
    return fault(tensor, `its rule says ${error instanceof Error ? error.message : String(error)}`);
  }
}
