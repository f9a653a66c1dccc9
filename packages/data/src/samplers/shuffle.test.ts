import { CheckpointError, ConfigError, Key } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/expect-error.js";
import type { SamplerState } from "./position.js";
import { type ShuffleConfig, shuffle } from "./shuffle.js";

const create = (rows: number, config: ShuffleConfig, seed = 0) =>
  shuffle.create({ rows, key: Key.fromSeed(seed), config });

describe("shuffle", () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 1, max: 60 }),
    batchSize: fc.integer({ min: 1, max: 70 }),
    dropLast: fc.boolean(),
  });

  it("gives every row once an epoch, or all but a last partial batch", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ({ rows, batchSize, dropLast }, seed) => {
        const sampler = create(rows, { batchSize, dropLast }, seed);
        const size = Math.min(batchSize, rows);
        for (let epoch = 0; epoch < 3; epoch++) {
          const seen: number[] = [];
          for (let batch = 0; batch < sampler.batchesPerEpoch; batch++) {
            const drawn = sampler.next();
            expect(drawn.epoch).toBe(epoch);
            expect(drawn.lastOfEpoch).toBe(batch === sampler.batchesPerEpoch - 1);
            if (dropLast || !drawn.lastOfEpoch) expect(drawn.indices).toHaveLength(size);
            seen.push(...drawn.indices);
          }
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen).toHaveLength(dropLast ? rows - (rows % size) : rows);
          expect(seen).toEqual([...Key.fromSeed(seed).fold(epoch).permutation(rows)].slice(0, seen.length));
        }
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it("goes on from a state as if it had never stopped", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 100 }), ({ rows, ...config }, steps) => {
        const sampler = create(rows, config);
        for (let step = 0; step < steps; step++) sampler.next();
        const resumed = create(rows, config);
        resumed.restore(JSON.parse(JSON.stringify(sampler.state())) as SamplerState);
        for (let step = 0; step < 5; step++) expect(resumed.next()).toEqual(sampler.next());
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it("hands out copies", () => {
    const sampler = create(4, { batchSize: 2 });
    sampler.next().indices.fill(-1);
    sampler.restore({ epoch: 0, batch: 0 });
    expect([...sampler.next().indices, ...sampler.next().indices].sort()).toEqual([0, 1, 2, 3]);
  });

  it("draws another order every epoch", () => {
    const sampler = create(50, { batchSize: 50 });
    expect(sampler.next().indices).not.toEqual(sampler.next().indices);
  });

  it.each([
    [{ epoch: -1, batch: 0 }],
    [{ epoch: 0, batch: 5 }],
    [{ epoch: 0.5, batch: 0 }],
    [{ epoch: 0 }],
    [{ epoch: 0, batch: 0, order: [] }],
    [null],
    ["epoch 1"],
  ])("refuses the foreign state %j", async (state) => {
    const sampler = create(10, { batchSize: 2 });
    sampler.next();
    const error = await errorOf(() => sampler.restore(state as SamplerState));
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error.code).toBe("SAMPLER_STATE_INVALID");
    expect(sampler.state()).toEqual({ epoch: 0, batch: 1 });
  });

  it("refuses a wrong configuration and names the near key", async () => {
    const typo = await errorOf(() => create(10, { batchSize: 2, dropLst: true } as ShuffleConfig));
    expect(typo).toBeInstanceOf(ConfigError);
    expect(typo).toMatchObject({ code: "CONFIG_KEY_UNKNOWN", fix: 'Did you mean "dropLast"?' });
    for (const batchSize of [0, -1, 1.5, Number.NaN, "5"]) {
      const error = await errorOf(() => create(10, { batchSize } as ShuffleConfig));
      expect(error).toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining("batchSize") });
    }
    expect(await errorOf(() => create(0, { batchSize: 1 }))).toMatchObject({ code: "ROWS_INVALID" });
  });
});
