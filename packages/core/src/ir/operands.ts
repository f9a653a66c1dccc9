import { ndarray } from "../arrays/nd-array.js";
import { constant } from "../ops/constant.js";
import { notATensor } from "./not-a-tensor.js";
import { fail } from "./rules.js";
import { Tensor } from "./tensor.js";

/** What a binary function takes: a tensor, or a number that takes the type of the tensor beside it. */
export type Operand = Tensor | number;

/** Two operands as tensors. At least one must be a tensor already. */
export function pair(op: string, a: Operand, b: Operand): [Tensor, Tensor] {
  if (typeof a === "number") {
    if (typeof b === "number") fail("NO_TENSOR", op, "both operands are numbers", "Use scalar(value, dtype) for one.");
    return [like(op, a, b), b];
  }
  return [a, typeof b === "number" ? like(op, b, a) : b];
}

function like(op: string, value: number, tensor: Tensor): Tensor {
  if (!(tensor instanceof Tensor)) {
    throw notATensor(tensor, `${op}: expected a tensor beside the number ${value}`, { where: `operator "${op}"` });
  }
  if (tensor.dtype === "bool" || (tensor.dtype === "int32" && value !== (value | 0))) {
    fail("DTYPE_MISMATCH", op, `the number ${value} cannot stand beside a tensor of ${tensor.dtype}`);
  }
  return constant(ndarray(tensor.dtype, [], [value]));
}
