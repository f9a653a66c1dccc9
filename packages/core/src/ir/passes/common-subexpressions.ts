import type { ConstantAttributes } from "../../ops/constant.js";
import type { HostCallAttributes } from "../../ops/host-call.js";
import type { Program } from "../program.js";
import { rewriteProgram } from "../rewrite.js";
import { showAttributes, showNumber } from "../show-attributes.js";
import type { Tensor } from "../tensor.js";

/** Computes once what several places compute alike: same operator, same attributes, same inputs. */
export function mergeCommonSubexpressions(program: Program): Program {
  const known = new Map<string, Tensor>();
  return rewriteProgram(program, (tensor) => {
    const key = keyOf(tensor);
    if (key === undefined) return tensor;
    const earlier = known.get(key);
    if (earlier) return earlier;
    known.set(key, tensor);
    return tensor;
  });
}

/** Constants beyond this many elements are not compared. */
const LARGEST_COMPARED = 64;

function keyOf(tensor: Tensor): string | undefined {
  // A leaf is itself; a copy is asked for because it must be a buffer of its own.
  if (tensor.op.name === "input" || tensor.op.name === "identity") return undefined;
  const inputs = tensor.inputs.map((input) => input.id).join();
  if (tensor.op.name === "constant") {
    const { value } = tensor.attributes as ConstantAttributes;
    if (value.data.length > LARGEST_COMPARED) return undefined;
    return `constant ${value.dtype} ${value.shape.join()} ${Array.from(value.data, showNumber).join()}`;
  }
  if (tensor.op.name === "hostCall") {
    const { call, index } = tensor.attributes as HostCallAttributes;
    return `hostCall ${call.id} ${index} (${inputs})`;
  }
  return `${tensor.op.name} ${showAttributes(tensor.attributes)} (${inputs})`;
}
