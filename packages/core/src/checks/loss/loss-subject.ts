import { convert, type FloatDType, isFloat } from "../../arrays/dtype.js";
import { type NdArray, ndarray, showShape } from "../../arrays/nd-array.js";
import { buildContext } from "../../container/build-context.js";
import type { Catalogue } from "../../container/catalogue.js";
import type { Arrays, Backend } from "../../contracts/backend.js";
import type { Loss } from "../../contracts/loss.js";
import { checkLossInputs } from "../../evaluation/check-loss-inputs.js";
import { projectThroughSoftmax } from "../../evaluation/evaluate-loss.js";
import { gradients } from "../../ir/grad.js";
import { type Program, spec, trace } from "../../ir/program.js";
import type { Tensor } from "../../ir/tensor.js";
import { requireThat } from "../assertions.js";
import { groupOf } from "../entry-checks.js";
import { runOnce } from "../run-once.js";
import { domainOf } from "./domains.js";

/** A loss with one of its configurations. */
export interface LossSubject {
  readonly loss: Loss;
  readonly config: unknown;
  readonly catalogue: Catalogue;
}

/** What a loss is evaluated at; floats of any width. */
export interface LossArrays {
  readonly inputs: Arrays;
  readonly parameters: Arrays;
}

export interface LossOutcome {
  readonly value: number;
  /** By input name, and by `parameter/NAME`. */
  readonly gradients: Readonly<Record<string, NdArray>>;
}

export const PARAMETER = "parameter/";
const GRADIENT = "gradient/";

/** The names that gradients are asked for: differentiable inputs that are given, and owned weights. */
export function gradientNames({ loss, config }: LossSubject, { inputs, parameters }: LossArrays): string[] {
  const running = loss.running?.(config) ?? [];
  return [
    ...Object.keys(inputs).filter((name) => loss.inputs[name]?.differentiable),
    ...Object.keys(parameters).flatMap((name) => (running.includes(name) ? [] : [PARAMETER + name])),
  ];
}

/** All arrays that a point consists of, by the names that programs feed them under. */
export function feedsOf({ inputs, parameters }: LossArrays): Record<string, NdArray> {
  return {
    ...inputs,
    ...Object.fromEntries(Object.entries(parameters).map(([name, array]) => [PARAMETER + name, array])),
  };
}

/** The loss of tensors, checked as training checks it: inputs before it is built, its shape and type after. */
export function buildLoss(
  { loss, config, catalogue }: LossSubject,
  inputs: Readonly<Record<string, Tensor>>,
  parameters: Readonly<Record<string, Tensor>>,
): Tensor {
  checkLossInputs(loss, inputs);
  const value = loss.build(inputs, config, buildContext(catalogue, parameters));
  requireThat(
    value?.size === 1 && isFloat(value.dtype),
    "CHECK_SHAPE_WRONG",
    `${groupOf(loss)} gives ${value ? `${value.dtype}${showShape(value.shape)}` : String(value)}, not one floating-point number`,
    { where: groupOf(loss), fix: "Fold the terms into one number, for instance with mean." },
  );
  return value;
}

/** Value and gradients as a program that is fed the point. */
export function lossProgram(subject: LossSubject, point: LossArrays): Program {
  const feeds = feedsOf(point);
  return trace({
    name: groupOf(subject.loss),
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)])),
    build(fed) {
      const pick = (names: readonly string[], prefix: string) =>
        Object.fromEntries(names.map((name) => [name, fed[prefix + name]!]));
      const value = buildLoss(
        subject,
        pick(Object.keys(point.inputs), ""),
        pick(Object.keys(point.parameters), PARAMETER),
      );
      const names = gradientNames(subject, point);
      const slopes = gradients(
        value,
        names.map((name) => fed[name]!),
      );
      return { outputs: { value, ...Object.fromEntries(names.map((name, at) => [GRADIENT + name, slopes[at]!])) } };
    },
  });
}

/**
 * Runs a loss at a point. Gradients by inputs on the simplex are projected onto it, because the raw ones are defined only up to a
 * constant per row.
 */
export async function evaluateAt(subject: LossSubject, point: LossArrays, backend: Backend): Promise<LossOutcome> {
  return outcomeOf(subject, point, await runOnce(backend, lossProgram(subject, point), feedsOf(point)));
}

export function outcomeOf({ loss }: LossSubject, point: LossArrays, results: Arrays): LossOutcome {
  const slopes = Object.entries(results).flatMap(([output, array]) => {
    if (!output.startsWith(GRADIENT)) return [];
    const name = output.slice(GRADIENT.length);
    const input = loss.inputs[name];
    const projected = input && domainOf(name, input) === "simplex";
    return [[name, projected ? projectThroughSoftmax(point.inputs[name]!, array) : array] as const];
  });
  return { value: results.value!.data[0]!, gradients: Object.fromEntries(slopes) };
}

/** The point with every float of another width. */
export function asFloat(point: LossArrays, dtype: FloatDType): LossArrays {
  const each = (arrays: Arrays) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [
        name,
        isFloat(array.dtype) ? ndarray(dtype, array.shape, convert(dtype, array.data)) : array,
      ]),
    );
  return { inputs: each(point.inputs), parameters: each(point.parameters) };
}

/** Numbers that are NaN or infinite, by name; undefined where there are none. */
export function notFinite({ value, gradients: slopes }: LossOutcome): string | undefined {
  if (!Number.isFinite(value)) return `the value is ${value}`;
  for (const [name, { data }] of Object.entries(slopes)) {
    const at = data.findIndex((element) => !Number.isFinite(element));
    if (at >= 0) return `the gradient by ${name} is ${data[at]} at element ${at}`;
  }
  return undefined;
}
