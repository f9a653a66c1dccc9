import type { Chosen } from "../container/catalogue.js";
import type { Backend } from "../contracts/backend.js";
import { type Dataset, rowsOf } from "../contracts/dataset.js";
import type { BatchSampler } from "../contracts/sampler.js";
import { Key } from "../random/key.js";
import { type PreparedAffinity, prepareAffinity } from "./affinity/prepare-affinity.js";
import type { Learner } from "./learner.js";

export interface PrepareTrainingOptions {
  readonly backend: Backend;
  readonly learner: Learner;
  readonly data: Dataset;
  readonly sampler: Chosen<"sampler">;
  readonly epochs: number;
  readonly seed: number;
  /** The most bytes that a kernel or distance matrix over the whole data set may take; 1 GiB by default. */
  readonly affinityLimit?: number;
}

/** What is worked out once for a run. */
export interface PreparedTraining {
  /** Absent where the loss compares no rows. */
  readonly affinity?: PreparedAffinity;
}

/**
 * Works out what does not change from batch to batch, for `train`: by itself it is a way to refuse data before a run leaves a trace.
 *
 * @throws DataError AFFINITY_NOT_FINITE, AFFINITY_ROWS, AFFINITY_NOT_SQUARE, TOO_MANY_ROWS
 */
export async function prepareTraining(options: PrepareTrainingOptions): Promise<PreparedTraining> {
  const { learner, backend, data, epochs, affinityLimit } = options;
  const affinity = await prepareAffinity({
    learner,
    backend,
    data,
    // Each batch of b rows compares b² pairs, so that an epoch of B batches compares about 1/B of all.
    timesEachPair: epochs / batchSampler(options).batchesPerEpoch,
    ...(affinityLimit === undefined ? {} : { limit: affinityLimit }),
  });
  return affinity ? { affinity } : {};
}

/** The batches of a run, from its first one. */
export function batchSampler({
  data,
  sampler,
  seed,
}: Pick<PrepareTrainingOptions, "data" | "sampler" | "seed">): BatchSampler {
  return sampler.entry.create({
    rows: rowsOf(data),
    ...(data.labels ? { labels: data.labels.indices } : {}),
    ...(data.supervision ? { supervision: data.supervision } : {}),
    key: Key.fromSeed(seed).fold("sampler"),
    config: sampler.config,
  });
}
