import { type DType, isFloat } from "../arrays/dtype.js";
import { type NdArray, ndarray } from "../arrays/nd-array.js";
import type { Arrays } from "../contracts/backend.js";
import { vjp } from "../ir/grad.js";
import { type Program, spec, trace } from "../ir/program.js";
import { Tensor } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { Key } from "../random/key.js";
import { drawInputs, type OpCase } from "./op-cases/op-case.js";

const inputName = (position: number) => `x${position}`;

function inputSpecs({ inputs }: OpCase, dtype: DType) {
  return Object.fromEntries(
    inputs.map((input, position) => [
      inputName(position),
      spec(input.dtype === "T" ? dtype : input.dtype, input.shape),
    ]),
  );
}

const resultsOf = (built: Tensor | readonly Tensor[]): readonly Tensor[] => (built instanceof Tensor ? [built] : built);

/** A case as a program of its own: inputs `x0`, `x1` …, outputs `y0`, `y1` …. */
export function caseProgram(opName: string, subject: OpCase, dtype: DType): Program {
  return trace({
    name: `${opName} ${subject.name}`,
    inputs: inputSpecs(subject, dtype),
    build: (inputs) => {
      const results = resultsOf(subject.build(Object.values(inputs), dtype));
      return { outputs: Object.fromEntries(results.map((result, index) => [`y${index}`, result])) };
    },
  });
}

/**
 * The derivative of a case as a program: the cotangents `g0` … of its differentiable inputs, given drawn cotangents of its results.
 * They are fed, so that no backend may treat them as the ones they often are.
 */
export function caseGradientProgram(opName: string, subject: OpCase, dtype: DType): Program {
  const cotangents: Record<string, ReturnType<typeof spec>> = {};
  caseProgramResults(subject, dtype).forEach((result, index) => {
    if (isFloat(result.dtype)) cotangents[`d${index}`] = spec(result.dtype, result.shape);
  });
  return trace({
    name: `gradient of ${opName} ${subject.name}`,
    inputs: { ...inputSpecs(subject, dtype), ...cotangents },
    build: (leaves) => {
      const inputs = subject.inputs.map((_, position) => leaves[inputName(position)]!);
      const results = resultsOf(subject.build(inputs, dtype));
      const targets = subject.differentiable.map((position) => inputs[position]!);
      const totals = results
        .flatMap((result, index) => {
          const cotangent = leaves[`d${index}`];
          return cotangent ? [vjp(result, targets, cotangent)] : [];
        })
        .reduce((sums, parts) => sums.map((sum, at) => add(sum, parts[at]!)));
      return { outputs: Object.fromEntries(totals.map((total, at) => [`g${at}`, total])) };
    },
  });
}

function caseProgramResults(subject: OpCase, dtype: DType): readonly Tensor[] {
  const program = caseProgram("", subject, dtype);
  return Object.values(program.outputs);
}

/** What a program of a case is fed, for one element type. */
export function caseFeeds(opName: string, subject: OpCase, dtype: DType, program: Program): Arrays {
  const drawn = drawInputs(opName, subject, dtype);
  const key = Key.fromSeed(20_260_102).fold(opName).fold(subject.name);
  return Object.fromEntries(
    Object.entries(program.inputs).map(([name, { dtype: type, shape, size }]) => [
      name,
      name.startsWith("x") ? drawn[Number(name.slice(1))]! : ndarray(type, shape, key.fold(name).normal(size)),
    ]),
  );
}

/** The same arrays with every float widened to float64, value by value: what the reference is fed. */
export function widened(feeds: Arrays): Record<string, NdArray> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, array]) => [
      name,
      array.dtype === "float32" ? ndarray("float64", array.shape, array.data) : array,
    ]),
  );
}
