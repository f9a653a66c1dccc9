import { ortBackend } from "@semblance/backend-ort";
import { add, mul, ndarray, spec, sub, sum, trace } from "@semblance/core";
import { describe, expect, it } from "vitest";

const MEGABYTE = 1 << 20;
const EXTENT = 512;

/** A carry of 1 MB that moves every step, with a second one that trails it. */
const program = () =>
  trace({
    name: "memory",
    inputs: { rate: spec("float32", []) },
    carries: { state: spec("float32", [EXTENT, EXTENT]), trail: spec("float32", [EXTENT, EXTENT]) },
    build({ rate }, { state, trail }) {
      const next = sub(state!, mul(mul(trail!, 0.5), rate!));
      return {
        outputs: { total: sum(next) },
        carries: { state: next, trail: add(mul(trail!, 0.5), mul(next, rate!)) },
      };
    },
  });

const start = () => {
  const zeros = () => ndarray("float32", [EXTENT, EXTENT], new Float32Array(EXTENT * EXTENT).fill(1));
  return { state: zeros(), trail: zeros() };
};
const rate = ndarray("float32", [], [1e-3]);

describe("memory", () => {
  it("stays flat over 1000 steps: no step leaves a megabyte behind", async () => {
    const backend = await ortBackend({ threads: 1 });
    const executable = await backend.compile(program());
    await executable.write(start());
    const run = async (steps: number) => {
      for (let step = 0; step < steps; step++) await executable.run({ rate });
      return process.memoryUsage.rss();
    };
    const warm = await run(200);
    // Each step writes 2 MB of state; the collector may leave some garbage, a leak would be 2000 MB.
    expect((await run(1000)) - warm).toBeLessThan(100 * MEGABYTE);
    await backend.dispose();
  });

  it("stays flat over 100 executables that come and go", async () => {
    const backend = await ortBackend({ threads: 1 });
    const cycle = async (times: number) => {
      for (let time = 0; time < times; time++) {
        const executable = await backend.compile(program());
        await executable.write(start());
        await executable.run({ rate });
        await executable.dispose();
      }
      return process.memoryUsage.rss();
    };
    const warm = await cycle(20);
    // Each holds 4 MB of state and its session's arena besides.
    expect((await cycle(100)) - warm).toBeLessThan(150 * MEGABYTE);
    await backend.dispose();
  });
});
