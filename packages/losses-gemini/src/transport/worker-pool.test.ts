import { Key, ndarray } from "@semblance/core";
import { afterEach, describe, expect, it } from "vitest";
import { moduleBeside } from "./node-threads.js";
import { solvePairs } from "./solve-pairs.js";
import { UNIFORM } from "./transport-job.js";
import { WorkerPool } from "./worker-pool.js";

const POINTS = 120;
const CLUSTERS = 6;
const key = Key.fromSeed(2);
const drawn = key.fold("weights").uniform(POINTS * CLUSTERS);
const sums = Array.from({ length: CLUSTERS }, (_, k) =>
  drawn.reduce((sum, each, at) => (at % CLUSTERS === k ? sum + each : sum), 0),
);
const weights = ndarray(
  "float64",
  [POINTS, CLUSTERS],
  drawn.map((each, at) => each / sums[at % CLUSTERS]!),
);
const position = key.fold("points").normal(POINTS);
const cost = ndarray(
  "float64",
  [POINTS, POINTS],
  Float64Array.from({ length: POINTS ** 2 }, (_, at) =>
    Math.abs(position[Math.floor(at / POINTS)]! - position[at % POINTS]!),
  ),
);
const pairs = ndarray("int32", [CLUSTERS, 2], Array.from({ length: CLUSTERS }, (_, k) => [k, UNIFORM]).flat());

describe("WorkerPool", () => {
  let pool: WorkerPool;
  afterEach(() => pool.dispose());

  it("lets the calling thread do everything where the worker's module is missing", async () => {
    pool = new WorkerPool(moduleBeside("./no-such-worker.js", import.meta.url));
    const alone = await solvePairs(weights, cost, pairs, { threads: 1 });
    for (let step = 0; step < 3; step++) {
      expect((await solvePairs(weights, cost, pairs, { threads: 2, pool })).values).toEqual(alone.values);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(pool.available).toBe(false);
  });

  it("says so when a worker dies over a problem", async () => {
    pool = new WorkerPool(moduleBeside("../../test/workers/dying.mjs", import.meta.url));
    // The first jobs may be done before the worker has been loaded; a later one finds it there.
    const steps = async () => {
      for (let step = 0; step < 200; step++) {
        await solvePairs(weights, cost, pairs, { threads: 2, pool });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await expect(steps()).rejects.toMatchObject({
      code: "TRANSPORT_WORKER_CRASHED",
      message: expect.stringContaining("status 3"),
      fix: expect.any(String),
    });
  });

  it("names the first pair that fails, with what solving it said", async () => {
    pool = new WorkerPool(undefined);
    const wrong = ndarray("float64", [POINTS, CLUSTERS], weights.data.slice());
    wrong.data[4] = -1;
    wrong.data[5] = -1;
    await expect(solvePairs(wrong, cost, pairs, { pool })).rejects.toMatchObject({
      code: "TRANSPORT_MASSES",
      message: "mass 0 of the first is -1",
      where: "optimal transport, pair 4 (column 4 and the uniform distribution)",
    });
  });

  it("refuses a pair that names no column", async () => {
    pool = new WorkerPool(undefined);
    const beyond = ndarray("int32", [1, 2], [0, CLUSTERS]);
    await expect(solvePairs(weights, cost, beyond, { pool })).rejects.toMatchObject({ code: "TRANSPORT_PAIR" });
  });
});
