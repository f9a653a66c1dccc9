import type { NdArray } from "../../src/arrays/nd-array.js";
import { type CaseInput, type OpCase, opCase } from "../../src/checks/op-cases/op-case.js";
import type { Tensor } from "../../src/ir/tensor.js";

/** A composite function with the values that it owes, from plain loops that share no code with it. */
export interface FunctionCase {
  readonly subject: OpCase;
  /** The elements of each result, in row-major order. */
  plain(...inputs: readonly NdArray[]): readonly (readonly number[])[];
}

export function functionCase<const Inputs extends readonly CaseInput[]>(
  name: string,
  inputs: Inputs,
  build: (...tensors: { -readonly [At in keyof Inputs]: Tensor }) => Tensor | readonly Tensor[],
  plain: (
    ...arrays: { -readonly [At in keyof Inputs]: ArrayLike<number> }
  ) => ArrayLike<number> | readonly ArrayLike<number>[],
  options: { readonly differentiable?: readonly number[] } = {},
): FunctionCase {
  const differentiable = options.differentiable ?? inputs.flatMap(({ dtype }, at) => (dtype === "T" ? [at] : []));
  return {
    subject: opCase(name, inputs, build, { differentiable }),
    plain: (...arrays) => {
      const elements = arrays.map(({ data }) => data) as unknown as Parameters<typeof plain>;
      const results = plain(...elements);
      const several = Array.isArray(results) && typeof results[0] !== "number" && results.length > 0;
      return (several ? (results as ArrayLike<number>[]) : [results as ArrayLike<number>]).map((result) =>
        Array.from(result),
      );
    },
  };
}
