import type { NdArray } from "../../arrays/nd-array.js";
import { type ConstantAttributes, constant } from "../../ops/constant.js";
import { evaluate } from "../../reference/evaluate.js";
import type { Program } from "../program.js";
import { rewriteProgram } from "../rewrite.js";
import type { Tensor } from "../tensor.js";

/** A folded result may be this large; beyond it, computing again is cheaper than carrying the numbers around. */
const LARGEST_FOLDED = 1 << 14;

/** Computes with the reference kernels what depends on constants alone. */
export function foldConstants(program: Program): Program {
  return rewriteProgram(program, (tensor) => {
    const foldable =
      tensor.op.name !== "input" &&
      tensor.op.name !== "hostCall" &&
      tensor.op.name !== "constant" &&
      tensor.op.name !== "identity" &&
      // A repeated value is better repeated by the backend, which often need not repeat it at all.
      tensor.op.name !== "expand" &&
      tensor.size <= LARGEST_FOLDED &&
      tensor.inputs.every((input) => input.op.name === "constant");
    return foldable ? constant(evaluate(tensor, tensor.inputs.map(valueOf))) : tensor;
  });
}

function valueOf(tensor: Tensor): NdArray {
  return (tensor.attributes as ConstantAttributes).value;
}
