import { convert } from "../arrays/dtype.js";
import { type NdArray, ndarray, takeRows } from "../arrays/nd-array.js";
import type { Arrays, Backend, Executable } from "../contracts/backend.js";
import type { Dataset } from "../contracts/dataset.js";
import type { Key } from "../random/key.js";
import type { PreparedAffinity } from "./affinity/prepare-affinity.js";
import type { Learner } from "./learner.js";
import { regulariserFeeds } from "./regulariser-step.js";
import { scalarFeeds, traceTrainStep } from "./train-step.js";

export interface StepRunnerOptions {
  readonly backend: Backend;
  readonly learner: Learner;
  readonly data: Dataset;
  /** The run's key, which noise is drawn with. */
  readonly key: Key;
  readonly clipNorm?: number;
}

export interface StepRequest {
  /** From 1. */
  readonly step: number;
  /** The rows of the batch. */
  readonly indices: Int32Array;
  readonly learningRate: number;
  /** Instead of the weights of the learner's regularisers. */
  readonly weights?: readonly number[];
}

/** Runs training steps on a backend: a program for each batch size, all on one state. */
export class StepRunner {
  readonly #executables = new Map<number, Executable>();
  #current: Executable | undefined;
  #state: Arrays;
  #affinity: PreparedAffinity | undefined;

  constructor(
    private readonly options: StepRunnerOptions,
    state: Arrays,
  ) {
    this.#state = state;
  }

  /** Sets what is known of the loss's kernel or distance, before the first step. */
  useAffinity(affinity: PreparedAffinity | undefined): void {
    this.#affinity = affinity;
  }

  /** The state as it was last read or written; what a step has done since then is not in it. */
  get state(): Arrays {
    return this.#state;
  }

  /** Sets the state that the next step starts from. */
  write(state: Arrays): void {
    this.#state = state;
    this.#current = undefined;
  }

  /** The state after the last step. */
  async read(): Promise<Arrays> {
    if (this.#current) this.#state = await this.#current.read();
    return this.#state;
  }

  /** One step: the outputs of `traceTrainStep`. */
  async run({ step, indices, learningRate, weights }: StepRequest): Promise<Arrays> {
    const { learner, backend, data, key } = this.options;
    const { float } = backend;
    const executable = await this.#executableFor(indices.length);
    const labels = learner.loss.entry.inputs.labels ? data.labels : undefined;
    return await executable.run({
      data: rowsAs(data.features, indices, float),
      indices: ndarray("int32", [indices.length], indices),
      ...(labels
        ? {
            labels: ndarray(
              "int32",
              [indices.length],
              indices.map((row) => labels.indices[row]!),
            ),
          }
        : {}),
      ...this.#affinity?.feeds(indices),
      ...scalarFeeds(learner, step, learningRate, float),
      ...regulariserFeeds(learner, { key, step, indices, learningRate, float, ...(weights ? { weights } : {}) }),
    });
  }

  /** The step for a batch size, with the state moved into it: the last batch of an epoch is often a smaller one. */
  async #executableFor(batchSize: number): Promise<Executable> {
    let executable = this.#executables.get(batchSize);
    if (!executable) {
      const { learner, backend, clipNorm } = this.options;
      executable = await backend.compile(
        traceTrainStep(learner, this.#state, {
          float: backend.float,
          batchSize,
          ...(clipNorm === undefined ? {} : { clipNorm }),
          ...(this.#affinity ? { affinity: this.#affinity.settled } : {}),
        }),
      );
      this.#executables.set(batchSize, executable);
    }
    if (this.#current !== executable) {
      await this.read();
      await executable.write(this.#state);
      this.#current = executable;
    }
    return executable;
  }

  async dispose(): Promise<void> {
    for (const executable of this.#executables.values()) await executable.dispose();
    this.#executables.clear();
    this.#current = undefined;
  }
}

function rowsAs(features: NdArray, indices: Int32Array, float: Backend["float"]): NdArray {
  const rows = takeRows(features, indices);
  return rows.dtype === float ? rows : ndarray(float, rows.shape, convert(float, rows.data));
}
