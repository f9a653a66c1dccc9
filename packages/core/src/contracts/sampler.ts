import type { Key } from "../random/key.js";
import type { Entry } from "./entry.js";
import type { Supervision } from "./supervision.js";

/** Rows that are trained on together. */
export interface SampledBatch {
  readonly indices: Int32Array;
  readonly epoch: number;
  readonly lastOfEpoch: boolean;
}

/** A sampler at work. It goes on for ever; its state is JSON, and restoring it continues with the same batches. */
export interface BatchSampler {
  next(): SampledBatch;
  readonly batchesPerEpoch: number;
  /** What it noticed of the data that is probably a mistake: counted, and told once before training. */
  readonly warnings?: readonly string[];
  state(): unknown;
  /** @throws CheckpointError SAMPLER_STATE_INVALID */
  restore(state: unknown): void;
}

export interface SamplerOptions<Config> {
  readonly rows: number;
  readonly labels?: Int32Array;
  /** What is known of which rows belong together, where there are no labels. */
  readonly supervision?: Supervision;
  readonly key: Key;
  readonly config: Config;
}

export type SamplerCoverage = "every-row-once" | "rows-at-most-once" | "nothing";

/** Decides which rows form a batch. */
export interface Sampler<Config = unknown> extends Entry<Config> {
  readonly kind: "sampler";
  /**
   * What an epoch promises: every row once, no row twice, or nothing (the default), as for samplers that draw classes first.
   */
  covers?(config: Config): SamplerCoverage;
  create(options: SamplerOptions<Config>): BatchSampler;
}

export function defineSampler<Config>(sampler: Omit<Sampler<Config>, "kind">): Sampler<Config> {
  return { kind: "sampler", ...sampler };
}
