import { type Shape, sameShape } from "../../arrays/nd-array.js";
import type { ConstantAttributes } from "../../ops/constant.js";
import { reshape } from "../../ops/reshape.js";
import { transpose } from "../../ops/transpose.js";
import type { Program } from "../program.js";
import { resultsOf } from "../program.js";
import { rewriteProgram, withInputs } from "../rewrite.js";
import type { Tensor } from "../tensor.js";

/** Operators that broadcast their inputs, so that an input need not be repeated first. */
const BROADCASTING = new Set([
  "add", "sub", "mul", "div", "pow", "maximum", "minimum", "where",
  "equal", "less", "lessOrEqual", "greater", "greaterOrEqual", "and", "or",
]); // biome-ignore format: a list

/**
 * Removes what changes no number: copies, stopped gradients (differentiation is over), products with 1, transposes of transposes,
 * reshapes of reshapes, and repetition before an operator that broadcasts anyway.
 */
export function simplify(program: Program): Program {
  const results = new Set(resultsOf(program));
  const kept = new Set([...results].filter((tensor) => tensor.op.name === "identity"));
  return rewriteProgram(program, (tensor) => {
    if (tensor.op.name === "identity" && kept.has(tensor)) return tensor;
    return simplifyTensor(tensor);
  });
}

function simplifyTensor(tensor: Tensor): Tensor {
  const [x, y] = tensor.inputs;
  switch (tensor.op.name) {
    case "identity":
    case "stopGradient":
      return x!;
    case "mul":
      if (isFilledWith(y!, 1) && sameShape(x!.shape, tensor.shape)) return x!;
      if (isFilledWith(x!, 1) && sameShape(y!.shape, tensor.shape)) return y!;
      break;
    case "div":
      if (isFilledWith(y!, 1) && sameShape(x!.shape, tensor.shape)) return x!;
      break;
    case "transpose":
      if (x!.op.name === "transpose") {
        const first = permutationOf(x!);
        return transpose(
          x!.inputs[0]!,
          permutationOf(tensor).map((axis) => first[axis]!),
        );
      }
      break;
    case "reshape":
      if (x!.op.name === "reshape") return reshape(x!.inputs[0]!, tensor.shape);
      break;
    case "expand":
      if (x!.op.name === "expand") return withInputs(tensor, x!.inputs);
      break;
  }
  return BROADCASTING.has(tensor.op.name) ? withoutRepetition(tensor) : tensor;
}

const permutationOf = (tensor: Tensor) => (tensor.attributes as { permutation: readonly number[] }).permutation;

function isFilledWith(tensor: Tensor, value: number): boolean {
  if (tensor.op.name === "expand") return isFilledWith(tensor.inputs[0]!, value);
  if (tensor.op.name !== "constant") return false;
  const { data } = (tensor.attributes as ConstantAttributes).value;
  return data.length > 0 && data.every((element) => element === value);
}

/** Feeds an operator the unrepeated inputs wherever the others still give its result the same shape. */
function withoutRepetition(tensor: Tensor): Tensor {
  let current = tensor;
  tensor.inputs.forEach((input, position) => {
    if (input.op.name !== "expand") return;
    const inputs = current.inputs.map((other, at) => (at === position ? input.inputs[0]! : other));
    if (sameShape(broadcast(inputs.map((other) => other.shape)), tensor.shape)) current = withInputs(current, inputs);
  });
  return current;
}

function broadcast(shapes: readonly Shape[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const extents = shapes.map((shape) => shape[shape.length - rank + axis] ?? 1);
    return extents.find((extent) => extent !== 1) ?? 1;
  });
}
