import {
  type Arrays,
  type Backend,
  convert,
  createCatalogue,
  createLearner,
  type Dataset,
  initialState,
  Key,
  type Learner,
  ndarray,
  type RegulariserReference,
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
