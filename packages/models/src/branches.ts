import { type Key, ndarray, type ParameterArrays } from "@semblance/core";
import { drawDense, type Initial } from "./initial-values.js";

export interface BranchesShape {
  readonly inputs: number;
  /** How many branches, each with one output. */
  readonly branches: number;
  /** The width of the hidden layer of a branch. */
  readonly hidden: number;
  readonly initial: Initial;
}

/**
 * Initial weights of branches side by side: branches.hidden.weight [inputs, branches·hidden], branches.hidden.bias, branches.output.weight
 * [branches, hidden], branches.output.bias [branches]. Branch c depends on its own key alone, so that no two begin alike and a branch more
 * does not change the others.
 */
export function initBranches(key: Key, { inputs, branches, hidden, initial }: BranchesShape): ParameterArrays {
  const width = branches * hidden;
  const into = new Float64Array(inputs * width);
  const intoBias = new Float64Array(width);
  const out = new Float64Array(width);
  const outBias = new Float64Array(branches);
  for (let branch = 0; branch < branches; branch++) {
    const own = key.fold(`branch.${branch}`);
    const first = drawDense(own, "hidden", { inputs, outputs: hidden, initial });
    const second = drawDense(own, "output", { inputs: hidden, outputs: 1, initial });
    const weight = first["hidden.weight"]!.data;
    for (let row = 0; row < inputs; row++) {
      into.set(weight.subarray(row * hidden, (row + 1) * hidden), row * width + branch * hidden);
    }
    intoBias.set(first["hidden.bias"]!.data, branch * hidden);
    out.set(second["output.weight"]!.data, branch * hidden);
    outBias.set(second["output.bias"]!.data, branch);
  }
  return {
    "branches.hidden.weight": ndarray("float64", [inputs, width], into),
    "branches.hidden.bias": ndarray("float64", [width], intoBias),
    "branches.output.weight": ndarray("float64", [branches, hidden], out),
    "branches.output.bias": ndarray("float64", [branches], outBias),
  };
}
