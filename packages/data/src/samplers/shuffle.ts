import {
  type BatchSampler,
  ConfigError,
  defineSampler,
  type Key,
  parseConfig,
  type SampledBatch,
} from "@semblance/core";
import { z } from "zod";
import { Position, type SamplerState } from "./position.js";

const config = z.strictObject({
  batchSize: z.int().min(1).default(256).describe("rows a batch, 1 or more; a batch is never larger than the data"),
  dropLast: z.boolean().default(false).describe("whether to leave out the rows that do not fill a last batch"),
});

export type ShuffleConfig = z.input<typeof config>;

export interface ShuffleOptions {
  /** The number of rows of the data, at least 1. */
  readonly rows: number;
  /** Class indices, for samplers that need them; this one does not. */
  readonly labels?: Int32Array;
  readonly key: Key;
  readonly config: ShuffleConfig;
}

/**
 * Every row once an epoch, in an order drawn anew for every epoch.
 *
 *     order of epoch e = key.fold(e).permutation(rows)
 *
 * The order depends on the key and the epoch alone, so the state is a position and a resumed run draws the same batches.
 */
export class ShuffleSampler implements BatchSampler {
  readonly batchesPerEpoch: number;
  readonly #rows: number;
  readonly #batchSize: number;
  readonly #key: Key;
  readonly #position: Position;
  #order: { readonly epoch: number; readonly rows: Int32Array } | undefined;

  /** @throws ConfigError CONFIG_INVALID, CONFIG_KEY_UNKNOWN, ROWS_INVALID */
  constructor({ rows, key, config: given }: ShuffleOptions) {
    const { batchSize, dropLast } = parseConfig(config, given, 'sampler "shuffle"');
    if (!Number.isSafeInteger(rows) || rows < 1) {
      throw new ConfigError("ROWS_INVALID", `a sampler draws from at least 1 row, not from ${rows}`, {
        where: "rows",
        fix: "Pass the number of rows of the data set.",
      });
    }
    this.#rows = rows;
    this.#key = key;
    this.#batchSize = Math.min(batchSize, rows);
    this.batchesPerEpoch = dropLast ? Math.floor(rows / this.#batchSize) : Math.ceil(rows / this.#batchSize);
    this.#position = new Position("shuffle", this.batchesPerEpoch);
  }

  next(): SampledBatch {
    const { epoch, batch, lastOfEpoch } = this.#position.advance();
    if (this.#order?.epoch !== epoch) this.#order = { epoch, rows: this.#key.fold(epoch).permutation(this.#rows) };
    const start = batch * this.#batchSize;
    // A copy: the caller may keep the batch, or write into it.
    const indices = this.#order.rows.slice(start, start + this.#batchSize);
    return { indices, epoch, lastOfEpoch };
  }

  state(): SamplerState {
    return this.#position.state();
  }

  restore(state: unknown): void {
    this.#position.restore(state);
  }
}

/** The sampler as the catalogue holds it. */
export const shuffle = defineSampler({
  name: "shuffle",
  summary: "Every row once an epoch, in an order drawn anew for every epoch.",
  formula: "order of epoch e = key.fold(e).permutation(rows)",
  config,
  covers: ({ dropLast }) => (dropLast ? "rows-at-most-once" : "every-row-once"),
  examples: [{}, { batchSize: 8 }, { batchSize: 8, dropLast: true }],
  create: (options: ShuffleOptions): BatchSampler => new ShuffleSampler(options),
});
