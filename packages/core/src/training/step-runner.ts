import { convert } from "../arrays/dtype.js";
import { isEveryRow, type NdArray, ndarray, takeRows } from "../arrays/nd-array.js";
import type { Arrays, Backend, Executable } from "../contracts/backend.js";
import { type Dataset, rowsOf } from "../contracts/dataset.js";
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
  /** The rows of the batch. Where they are all rows of the data, each once, they are taken in the order of the data. */
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
  /** All rows as the backend takes them, for batches of them all. */
  #everyRow: NdArray | undefined;
  #everyIndex: Int32Array | undefined;

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
  async run({ step, indices: asked, learningRate, lossRate, weights, epoch }: StepRequest): Promise<Arrays> {
    const { backend, data, key } = this.options;
    const indices = this.#inOrder(asked);
    const { float } = backend;
    const learner = epoch === undefined ? this.options.learner : learnerAt(this.options.learner, epoch);
    const executable = await this.#executableFor(learner, indices.length);
    const labels = learner.loss.entry.inputs.labels ? data.labels : undefined;
    return await executable.run({
      data: this.#rows(indices),
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

  /** A batch of every row gains nothing from an order of its own, and in the data's nothing has to be gathered for it. */
  #inOrder(indices: Int32Array): Int32Array {
    const rows = rowsOf(this.options.data);
    if (indices.length !== rows) return indices;
    const seen = new Uint8Array(rows);
    for (const row of indices) {
      if (!(row >= 0 && row < rows) || seen[row] === 1) return indices;
      seen[row] = 1;
    }
    this.#everyIndex ??= Int32Array.from(seen.keys());
    return this.#everyIndex;
  }

  #rows(indices: Int32Array): NdArray {
    const { data, backend } = this.options;
    if (!isEveryRow(indices, rowsOf(data))) return rowsAs(takeRows(data.features, indices), backend.float);
    this.#everyRow ??= rowsAs(data.features, backend.float);
    return this.#everyRow;
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

function rowsAs(rows: NdArray, float: Backend["float"]): NdArray {
  return rows.dtype === float ? rows : ndarray(float, rows.shape, convert(float, rows.data));
}
