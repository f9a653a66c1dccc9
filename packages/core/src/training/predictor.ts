import { convert, type FloatDType } from "../arrays/dtype.js";
import { type NdArray, ndarray, sizeOf, takeRows } from "../arrays/nd-array.js";
import type { Arrays, Backend, Executable } from "../contracts/backend.js";
import { ConfigError } from "../errors.js";
import { spec, trace } from "../ir/program.js";
import { applyModel, MODEL } from "./apply-model.js";
import type { Learner } from "./learner.js";

/** What a trained model says of rows. */
export interface Predictions {
  readonly posteriors?: NdArray<FloatDType>;
  readonly logits?: NdArray<FloatDType>;
  readonly embeddings?: NdArray<FloatDType>;
}

/** Rows that are computed together. */
const CHUNK = 1024;

/** Applies a model to arrays of any number of rows. Programs are compiled once for each size of chunk. */
export class Predictor {
  readonly #executables = new Map<number, Promise<Executable>>();
  #parameters: Arrays = {};

  constructor(
    private readonly backend: Backend,
    private readonly learner: Pick<Learner, "model" | "shape">,
  ) {}

  /** Sets the weights, from a training state or a checkpoint's. */
  async use(state: Arrays): Promise<void> {
    this.#parameters = Object.fromEntries(Object.entries(state).filter(([name]) => name.startsWith(MODEL)));
    for (const executable of this.#executables.values()) await (await executable).write(this.#parameters);
  }

  /**
   * @param data [n, …item]
   * @throws ConfigError MODEL_NOT_INDUCTIVE when a model with weights per row is given other rows than it was trained on.
   */
  async predict(data: NdArray): Promise<Predictions> {
    const rows = data.shape[0] ?? 0;
    const { model, shape } = this.learner;
    if (!model.entry.inductive && rows !== shape.rows) {
      throw new ConfigError(
        "MODEL_NOT_INDUCTIVE",
        `model "${model.entry.name}" knows only the ${shape.rows} rows that it was trained on`,
        {
          where: `model "${model.entry.name}"`,
          fix: "Predict the training rows, or train a model that is a function of the data, such as mlp.",
        },
      );
    }
    const parts: Record<string, NdArray>[] = [];
    for (let start = 0; start < rows; start += CHUNK) {
      const indices = Int32Array.from({ length: Math.min(CHUNK, rows - start) }, (_, index) => start + index);
      const chunk = takeRows(data, indices);
      const { float } = this.backend;
      const executable = await this.#executable(indices.length);
      parts.push(
        await executable.run({
          data: ndarray(float, chunk.shape, convert(float, chunk.data)),
          indices: ndarray("int32", [indices.length], indices),
        }),
      );
    }
    return joined(parts);
  }

  #executable(rows: number): Promise<Executable> {
    const known = this.#executables.get(rows);
    if (known) return known;
    const compiled = this.#compile(rows);
    this.#executables.set(rows, compiled);
    return compiled;
  }

  async #compile(rows: number): Promise<Executable> {
    const { float } = this.backend;
    const executable = await this.backend.compile(traceInference(this.learner, this.#parameters, rows, float));
    await executable.write(this.#parameters);
    return executable;
  }

  async dispose(): Promise<void> {
    for (const executable of this.#executables.values()) await (await executable).dispose();
    this.#executables.clear();
  }
}

/** The model as a program: inputs `data` [rows, …item] and `indices` [rows], carries its parameters, outputs what it gives. */
export function traceInference(
  learner: Pick<Learner, "model" | "shape">,
  parameters: Arrays,
  rows: number,
  float: FloatDType,
) {
  return trace({
    name: "inference",
    inputs: { data: spec(float, [rows, ...learner.shape.item]), indices: spec("int32", [rows]) },
    carries: Object.fromEntries(
      Object.entries(parameters).map(([name, array]) => [name, spec(array.dtype, array.shape)]),
    ),
    build({ data, indices }, carried) {
      const { running: _, ...made } = applyModel(learner, carried, { data, indices }, false);
      const outputs = learner.shape.embedding === undefined ? made : { embeddings: made.embeddings };
      return { outputs: Object.fromEntries(Object.entries(outputs).filter(([, tensor]) => tensor !== undefined)) };
    },
  });
}

function joined(parts: readonly Record<string, NdArray>[]): Predictions {
  const names = Object.keys(parts[0] ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const arrays = parts.map((part) => part[name]!);
      const rows = arrays.reduce((sum, { shape }) => sum + shape[0]!, 0);
      const item = arrays[0]!.shape.slice(1);
      const data =
        arrays[0]!.dtype === "float64" ? new Float64Array(rows * sizeOf(item)) : new Float32Array(rows * sizeOf(item));
      let at = 0;
      for (const array of arrays) {
        data.set(array.data, at);
        at += array.data.length;
      }
      return [name, ndarray(arrays[0]!.dtype, [rows, ...item], data)];
    }),
  );
}
