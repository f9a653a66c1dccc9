import { CheckpointError } from "@semblance/core";
import { z } from "zod";

/** Where a sampler stands: the batch that `next` gives next. */
export interface SamplerState {
  readonly epoch: number;
  readonly batch: number;
}

/** A walk through epochs of equally many batches. A batch that depends on the key and its place alone needs no other state. */
export class Position {
  #epoch = 0;
  #batch = 0;

  constructor(
    private readonly sampler: string,
    readonly batchesPerEpoch: number,
  ) {}

  /** The place of the next batch, and one step on. */
  advance(): SamplerState & { readonly lastOfEpoch: boolean } {
    const here = this.state();
    const lastOfEpoch = here.batch === this.batchesPerEpoch - 1;
    this.#epoch = lastOfEpoch ? here.epoch + 1 : here.epoch;
    this.#batch = lastOfEpoch ? 0 : here.batch + 1;
    return { ...here, lastOfEpoch };
  }

  state(): SamplerState {
    return { epoch: this.#epoch, batch: this.#batch };
  }

  /** @throws CheckpointError SAMPLER_STATE_INVALID */
  restore(state: unknown): void {
    const position = z.strictObject({ epoch: z.int().min(0), batch: z.int().min(0).lt(this.batchesPerEpoch) });
    const result = position.safeParse(state);
    if (!result.success) {
      const [issue] = result.error.issues;
      throw new CheckpointError(
        "SAMPLER_STATE_INVALID",
        `this is no state of the ${this.sampler} sampler: ${issue!.message}`,
        {
          where: ["sampler state", ...issue!.path].join("."),
          fix: "Resume with the data and the keys of the sampler that the checkpoint was written with.",
        },
      );
    }
    this.#epoch = result.data.epoch;
    this.#batch = result.data.batch;
  }
}
