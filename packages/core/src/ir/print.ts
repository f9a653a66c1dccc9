import { showShape } from "../arrays/nd-array.js";
import type { ConstantAttributes } from "../ops/constant.js";
import type { HostCallAttributes } from "../ops/host-call.js";
import type { InputAttributes } from "../ops/input.js";
import { type Program, resultsOf } from "./program.js";
import { showAttributes, showNumber } from "./show-attributes.js";
import { type Tensor, topologicalOrder } from "./tensor.js";

/**
 * A program as text, one tensor a line in the order of computation. Names are counted within the program, so that two traces of
 * the same function print alike.
 *
 * ```text
 * program "double"
 *   %0 = input "x"                      float32[2]
 *   %1 = constant 2                     float32[]
 *   %2 = mul(%0, %1)                    float32[2]
 *   output y = %2
 * ```
 */
export function print(program: Program): string {
  const order = topologicalOrder(resultsOf(program));
  const names = new Map(order.map((tensor, index) => [tensor, `%${index}`]));
  const lines = order.map((tensor) => {
    const left = `  ${names.get(tensor)} = ${expression(tensor, names)}`;
    return `${left.padEnd(56)} ${tensor.dtype}${showShape(tensor.shape)}`;
  });
  const outputs = Object.entries(program.outputs).map(([name, tensor]) => `  output ${name} = ${names.get(tensor)}`);
  const carries = Object.entries(program.carries).map(([name, { next }]) => `  carry ${name} = ${names.get(next)}`);
  return [`program "${program.name}"`, ...lines, ...outputs, ...carries].join("\n");
}

function expression(tensor: Tensor, names: ReadonlyMap<Tensor, string>): string {
  if (tensor.op.name === "input") return `input "${(tensor.attributes as InputAttributes).name}"`;
  if (tensor.op.name === "constant") {
    const { data } = (tensor.attributes as ConstantAttributes).value;
    const shown = Array.from(data.length <= 4 ? data : data.slice(0, 3), showNumber);
    return ["constant", ...shown, ...(data.length > 4 ? ["…"] : [])].join(" ");
  }
  const inputs = tensor.inputs.map((input) => names.get(input)).join(", ");
  if (tensor.op.name === "hostCall") {
    const { call, index } = tensor.attributes as HostCallAttributes;
    return `host "${call.operator.name}"(${inputs})[${index}]`;
  }
  const attributes = tensor.attributes === null ? "" : ` ${showAttributes(tensor.attributes)}`;
  return `${tensor.op.name}(${inputs})${attributes}`;
}
