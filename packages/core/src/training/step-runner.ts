import { convert } from "../arrays/dtype.js";
import { type NdArray, ndarray, takeRows } from "../arrays/nd-array.js";
import type { Arrays, Backend, Executable } from "../contracts/backend.js";
import type { Dataset } from "../contracts/dataset.js";
import { type Relate, relationsOf } from "../contracts/supervision.js";
import type { Key } from "../random/key.js";
import type { PreparedAffinity } from "./affinity/prepare-affinity.js";
import { drawFeeds } from "./draws.js";
import type { Learner } from "./learner.js";
import { regulariserFeeds } from "./regulariser-step.js";
import { learnerAt } from "./stages.js";
import { readsRelations, scalarFeeds, traceTrainStep } from "./train-step.js";

export interface StepRunnerOptions {
  readonly backend: Backend;
  readonly learner: Learner;
  readonly data: Dataset;
  /** The run's key, which noise is drawn with. */
  readonly key: Key;
  readonly clipNorm?: number;
  /** Whether requests carry a `lossRate`. */
  readonly ownLossRate?: boolean;
}

export interface StepRequest {
  /** From 1. */
  readonly step: number;
  /** The rows of the batch. */
  readonly indices: Int32Array;
  readonly learningRate: number;
  /** That of the weights that the loss owns, where `ownLossRate` is set. */
  readonly lossRate?: number;
  /** The epoch, from 0, which decides the stage that the learner is in; without it, no stage. */
  readonly epoch?: number;
  /** Instead of the weights of the learner's regularisers. */
  readonly weights?: readonly number[];
}

/** Runs training steps on a backend: a program for each batch size and stage, all on one state. */
export class StepRunner {
  readonly #executables = new Map<Learner, Map<number, Executable>>();
  readonly #relate: Relate | undefined;
  #current: Executable | undefined;
  #state: Arrays;
  #affinity: PreparedAffinity | undefined;

  constructor(
    private readonly options: StepRunnerOptions,
    state: Arrays,
  ) {
    this.#state = state;
    const { supervision } = options.data;
    this.#relate = supervision && relationsOf(supervision);
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
  async run({ step, indices, learningRate, lossRate, weights, epoch }: StepRequest): Promise<Arrays> {
    const { backend, data, key } = this.options;
    const { float } = backend;
    const learner = epoch === undefined ? this.options.learner : learnerAt(this.options.learner, epoch);
    const executable = await this.#executableFor(learner, indices.length);
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
      ...(readsRelations(learner)
        ? { relations: ndarray(float, [indices.length, indices.length], this.#relate!(indices)) }
        : {}),
      ...drawFeeds(learner, { key, step, rows: indices.length, float }),
      ...this.#affinityOf(learner)?.feeds(indices),
      ...scalarFeeds(learner, step, learningRate, float, lossRate),
      ...regulariserFeeds(learner, { key, step, indices, learningRate, float, ...(weights ? { weights } : {}) }),
    });
  }

  /** The step for a batch size, with the state moved into it: the last batch of an epoch is often a smaller one. */
  async #executableFor(learner: Learner, batchSize: number): Promise<Executable> {
    const known = this.#executables.get(learner) ?? new Map<number, Executable>();
    this.#executables.set(learner, known);
    let executable = known.get(batchSize);
    if (!executable) {
      const { backend, clipNorm, ownLossRate } = this.options;
      const affinity = this.#affinityOf(learner);
      executable = await backend.compile(
        traceTrainStep(learner, this.#state, {
          float: backend.float,
          batchSize,
          ...(clipNorm === undefined ? {} : { clipNorm }),
          ...(ownLossRate === undefined ? {} : { ownLossRate }),
          ...(affinity ? { affinity: affinity.settled } : {}),
        }),
      );
      known.set(batchSize, executable);
    }
    if (this.#current !== executable) {
      await this.read();
      await executable.write(this.#state);
      this.#current = executable;
    }
    return executable;
  }

  /** The affinity is that of the learner itself; stages compute their own. */
  #affinityOf(learner: Learner): PreparedAffinity | undefined {
    return learner === this.options.learner ? this.#affinity : undefined;
  }

  async dispose(): Promise<void> {
    for (const known of this.#executables.values()) {
      for (const executable of known.values()) await executable.dispose();
    }
    this.#executables.clear();
    this.#current = undefined;
  }
}

function rowsAs(features: NdArray, indices: Int32Array, float: Backend["float"]): NdArray {
  const rows = takeRows(features, indices);
  return rows.dtype === float ? rows : ndarray(float, rows.shape, convert(float, rows.data));
}
