import { convert, type FloatDType } from "../../arrays/dtype.js";
import { type NdArray, ndarray, sizeOf } from "../../arrays/nd-array.js";
import { bindKernel } from "../../container/bind-affinity.js";
import type { Catalogue } from "../../container/catalogue.js";
import type { Arrays } from "../../contracts/backend.js";
import type { Model, ModelOutputs, ModelShape, RowRelations } from "../../contracts/model.js";
import type { ParameterArrays, ParameterTensors } from "../../contracts/parameters.js";
import { type Program, spec, trace } from "../../ir/program.js";
import type { Tensor } from "../../ir/tensor.js";
import type { Key } from "../../random/key.js";
import { groupOf } from "../entry-checks.js";

/** A model with one of its configurations, for one shape of item. */
export interface ModelSubject {
  readonly model: Model;
  readonly config: unknown;
  readonly shape: ModelShape;
  readonly key: Key;
  /** Where kernels that it names are looked up. */
  readonly catalogue?: Catalogue | undefined;
}

export const PARAMETER = "parameter/";

/** Weights as training starts with them, those that are taken from the rows among them. */
export function initOf(subject: ModelSubject, seed = 0): ParameterArrays {
  const { model, config, shape, key } = subject;
  return {
    ...model.init(key.fold("init").fold(seed), shape, config),
    ...model.fromData?.(drawBatch(subject, "float64").data!, config, knownOf(subject)),
  };
}

/** Two classes, row by row. */
function knownOf({ shape: { rows } }: ModelSubject): RowRelations {
  return { labels: { indices: Int32Array.from({ length: rows }, (_, row) => row % 2), names: ["0", "1"] } };
}

/** Drawn rows: `data` [n, …item] and the numbers of the rows, of which a model with weights per row knows so many. */
export function drawBatch({ shape, key }: ModelSubject, float: FloatDType, rows = shape.rows): Record<string, NdArray> {
  const size = rows * sizeOf(shape.item);
  return {
    data: ndarray(float, [rows, ...shape.item], convert(float, key.fold("data").normal(size))),
    indices: ndarray(
      "int32",
      [rows],
      Int32Array.from({ length: rows }, (_, row) => row % shape.rows),
    ),
  };
}

/** Weights as feeds of a program, rounded to a type. */
export function weightsOf(parameters: ParameterArrays, float: FloatDType): Record<string, NdArray> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, data }]) => [
      PARAMETER + name,
      ndarray(float, shape, convert(float, data)),
    ]),
  );
}

/** A program around a model: `build` says what is made of its outputs; fed are the batch and all weights. */
export function modelProgram(
  subject: ModelSubject,
  feeds: Arrays,
  training: boolean,
  build: (outputs: ModelOutputs, weights: ParameterTensors) => Record<string, Tensor>,
): Program {
  const { model, config, shape, catalogue } = subject;
  return trace({
    name: groupOf(model),
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape: s }]) => [name, spec(dtype, s)])),
    build(fed) {
      const weights = Object.fromEntries(
        Object.entries(fed).flatMap(([name, tensor]) =>
          name.startsWith(PARAMETER) ? [[name.slice(PARAMETER.length), tensor]] : [],
        ),
      );
      const outputs = model.apply(weights, fed.data!, config, {
        ...shape,
        training,
        indices: fed.indices!,
        ...(catalogue ? { kernel: (reference) => bindKernel(catalogue, reference) } : {}),
      });
      return { outputs: build(outputs, weights) };
    },
  });
}

/** What a model makes of rows, by name. */
export function rowOutputs({ logits, posteriors, embeddings }: ModelOutputs): Record<string, Tensor> {
  return { ...(logits && { logits }), ...(posteriors && { posteriors }), ...(embeddings && { embeddings }) };
}
