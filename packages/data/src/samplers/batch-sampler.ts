/** Rows to take one training step on. */
export interface SampledBatch {
  /** Row numbers. */
  readonly indices: Int32Array;
  /** The pass through the data that the batch belongs to, counted from 0. */
  readonly epoch: number;
  readonly lastOfEpoch: boolean;
}

/** Where a sampler stands: the batch that `next` gives next. */
export interface SamplerState {
  readonly epoch: number;
  readonly batch: number;
}

/** Draws batches for ever. Its state is a position, from which it goes on as if it had never stopped. */
export interface BatchSampler {
  next(): SampledBatch;
  readonly batchesPerEpoch: number;
  state(): SamplerState;
  /** @throws CheckpointError SAMPLER_STATE_INVALID when `state` is not one of this sampler. */
  restore(state: SamplerState): void;
}
