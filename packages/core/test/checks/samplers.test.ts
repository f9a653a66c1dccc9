import { describe, expect, it } from "vitest";
import { z } from "zod";
import { samplerChecks } from "../../src/checks/sampler-checks.js";
import {
  type BatchSampler,
  defineSampler,
  type SampledBatch,
  type Sampler,
  type SamplerOptions,
} from "../../src/contracts/sampler.js";
import { CheckpointError } from "../../src/errors.js";
import { failures } from "./failing-titles.js";

const BATCH = 10;
/** Chance, made up so that every run of these tests is the same. */
let flips = 0;

/** Every row once an epoch in a drawn order, right in everything but what a test spoils. */
class Shuffled implements BatchSampler {
  readonly batchesPerEpoch: number;
  step = 0;

  constructor(readonly options: SamplerOptions<unknown>) {
    this.batchesPerEpoch = Math.ceil(options.rows / BATCH);
  }

  next(): SampledBatch {
    const [epoch, batch] = [Math.floor(this.step / this.batchesPerEpoch), this.step % this.batchesPerEpoch];
    this.step++;
    const order = this.options.key.fold(epoch).permutation(this.options.rows);
    const indices = order.slice(batch * BATCH, (batch + 1) * BATCH);
    return { indices, epoch, lastOfEpoch: batch === this.batchesPerEpoch - 1 };
  }

  state(): unknown {
    return { step: this.step };
  }

  restore(state: unknown) {
    const result = z.strictObject({ step: z.int().min(0) }).safeParse(state);
    if (!result.success) throw new CheckpointError("SAMPLER_STATE_INVALID", "this is no state");
    this.step = result.data.step;
  }
}

const failing = (make: (options: SamplerOptions<unknown>) => BatchSampler, more: Partial<Sampler> = {}) =>
  failures(
    samplerChecks(
      defineSampler({
        name: "test-sampler",
        summary: "A sampler under test.",
        config: z.strictObject({}),
        covers: () => "every-row-once",
        create: make,
        ...more,
      }),
    ),
  );

describe("a sampler", () => {
  it("that is right passes every check", async () => {
    expect(await failing((options) => new Shuffled(options))).toEqual({});
  });

  it.each<[string, new (options: SamplerOptions<unknown>) => BatchSampler, Record<string, string>]>([
    [
      "whose restore is off by one batch",
      class extends Shuffled {
        override restore(state: unknown) {
          super.restore(state);
          this.step++;
        }
      },
      { "continues from a state with the very same batches": "CHECK_STATE_LOST" },
    ],
    [
      "whose state is no JSON",
      class extends Shuffled {
        override state() {
          return { step: this.step, seen: new Map([[1, 2]]) };
        }
      },
      { "continues from a state with the very same batches": "SAMPLER_STATE_INVALID" },
    ],
    [
      "that takes any state",
      class extends Shuffled {
        override restore(state: unknown) {
          this.step = (state as { step: number } | null)?.step ?? 0;
        }
      },
      { "refuses foreign states, and goes on": "CHECK_NOT_REFUSED" },
    ],
    [
      "that forgets itself before it refuses",
      class extends Shuffled {
        override restore(state: unknown) {
          this.step = 1;
          super.restore(state);
        }
      },
      { "refuses foreign states, and goes on": "CHECK_STATE_LOST" },
    ],
    [
      "that does not read its key",
      class extends Shuffled {
        override next() {
          const { indices, ...rest } = super.next();
          const start = ((this.step - 1) % this.batchesPerEpoch) * BATCH;
          return { ...rest, indices: indices.map((_, at) => start + at) };
        }
      },
      { "gives the same batches for the same key, and others for another": "CHECK_VALUE_WRONG" },
    ],
    [
      "that draws by chance",
      class extends Shuffled {
        override next() {
          const batch = super.next();
          batch.indices.reverse();
          return (flips++ * 7) % 11 < 5 ? batch : super.next();
        }
      },
      { "gives the same batches for the same key, and others for another": "CHECK_NOT_DETERMINISTIC" },
    ],
    [
      "that leaves the last rows out and promises all",
      class extends Shuffled {
        override next() {
          const batch = super.next();
          return batch.lastOfEpoch && batch.indices.length > 1 ? { ...batch, indices: batch.indices.slice(1) } : batch;
        }
      },
      { "covers in an epoch what it promises": "CHECK_VALUE_WRONG" },
    ],
    [
      "that hands out its own memory",
      class extends Shuffled {
        readonly own = new Map<number, Int32Array>();
        override next() {
          const batch = super.next();
          const key = this.step % 2;
          if (!this.own.has(key)) this.own.set(key, batch.indices);
          return this.step > 2 ? { ...batch, indices: this.own.get(key)! } : batch;
        }
      },
      { "hands out batches that its caller may write into, and writes into no label": "CHECK_VALUE_WRONG" },
    ],
    [
      "that names rows which are not there",
      class extends Shuffled {
        override next() {
          const batch = super.next();
          return { ...batch, indices: batch.indices.map((row) => row + 1) };
        }
      },
      { "gives rows that exist, in epochs that end where it says": "CHECK_VALUE_WRONG" },
    ],
    [
      "that breaks on small data",
      class extends Shuffled {
        constructor(options: SamplerOptions<unknown>) {
          if (options.rows < 4) throw new RangeError("invalid array length");
          super(options);
        }
      },
      { "works or is refused on data smaller than a batch, and without labels": "CHECK_ERROR_UNCODED" },
    ],
  ])("%s is caught by name", async (_, Broken, expected) => {
    expect(await failing((options) => new Broken(options))).toMatchObject(expected);
  });
});
