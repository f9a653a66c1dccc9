import {
  type Arrays,
  type Backend,
  type Checkpoint,
  convert,
  createCatalogue,
  createLearner,
  type Dataset,
  decodeCheckpoint,
  encodeCheckpoint,
  initialState,
  Key,
  type Learner,
  ndarray,
  type RegulariserReference,
  type RunStore,
  referenceBackend,
  regulariserFeeds,
  scalarFeeds,
  takeRows,
  traceTrainStep,
} from "../src/index.js";
import { tinyData, tinyPlugin } from "./tiny-learner.js";

export const runKey = Key.fromSeed(7);

/** The tiny network under a loss, with regularisers. */
export function regularised(
  regularisers: readonly RegulariserReference[],
  more: { readonly data?: Dataset; readonly model?: Parameters<typeof createLearner>[0]["model"] } = {},
): Learner {
  return createLearner({
    catalogue: createCatalogue([tinyPlugin]),
    data: more.data ?? tinyData(),
    model: more.model ?? "tiny",
    loss: "information",
    optimizer: "sgd",
    regularisers,
  });
}

export interface OneStep {
  readonly results: Arrays;
  readonly before: Arrays;
  readonly after: Arrays;
  readonly feeds: Arrays;
}

/** One step of plain gradient descent from the initial weights (or given ones), on rows of the tiny data. */
export async function oneStep(
  learner: Learner,
  options: {
    readonly indices?: readonly number[];
    readonly learningRate?: number;
    readonly weights?: readonly number[];
    readonly state?: Arrays;
    readonly step?: number;
    readonly backend?: Backend;
    readonly data?: Dataset;
  } = {},
): Promise<OneStep> {
  const { learningRate = 1, step = 1, backend = referenceBackend(), data = tinyData(), weights } = options;
  const { float } = backend;
  const indices = Int32Array.from(options.indices ?? [0, 1, 2, 3, 4, 5, 6]);
  const before = options.state ?? initialState(learner, runKey, float);
  const executable = await backend.compile(traceTrainStep(learner, before, { float, batchSize: indices.length }));
  const rows = takeRows(data.features, indices);
  const feeds = {
    data: ndarray(float, rows.shape, convert(float, rows.data)),
    indices: ndarray("int32", [indices.length], indices),
    ...scalarFeeds(learner, step, learningRate, float),
    ...regulariserFeeds(learner, { key: runKey, step, indices, learningRate, float, ...(weights ? { weights } : {}) }),
  };
  try {
    await executable.write(before);
    const results = await executable.run(feeds);
    return { results, before, after: await executable.read(), feeds };
  } finally {
    await executable.dispose();
  }
}

/** Rows of a matrix. */
export function rowsIn({ shape: [rows = 0, width = 0], data }: Arrays[string]): number[][] {
  return Array.from({ length: rows }, (_, row) => Array.from(data.subarray(row * width, (row + 1) * width)));
}

/** A run folder in memory. */
export class MemoryStore implements RunStore {
  lines: string[] = [];
  readonly checkpoints: { bytes: Uint8Array; lines: number }[] = [];
  async appendMetrics(lines: readonly string[]) {
    this.lines.push(...lines);
  }
  async saveCheckpoint(checkpoint: Checkpoint) {
    this.checkpoints.push({ bytes: await encodeCheckpoint(checkpoint), lines: this.lines.length });
    return `memory ${this.checkpoints.length}`;
  }
  async resume() {
    const last = this.checkpoints.at(-1);
    this.lines = this.lines.slice(0, last?.lines ?? 0);
    return last && decodeCheckpoint(last.bytes, "memory");
  }
}
