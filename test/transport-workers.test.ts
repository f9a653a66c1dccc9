import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** The built package, since a worker thread loads built files. */
const script = `
import { solvePairs } from ${JSON.stringify(new URL("../packages/losses-gemini/dist/transport/solve-pairs.js", import.meta.url).href)};
import { WorkerPool } from ${JSON.stringify(new URL("../packages/losses-gemini/dist/transport/worker-pool.js", import.meta.url).href)};
import { Key, ndarray } from "@semblance/core";

const [points, clusters] = [150, 12];
const key = Key.fromSeed(4);
const drawn = key.fold("weights").uniform(points * clusters);
const sums = new Float64Array(clusters);
drawn.forEach((each, at) => { sums[at % clusters] += each; });
const weights = ndarray("float64", [points, clusters], drawn.map((each, at) => each / sums[at % clusters]));
const at = key.fold("points").normal(2 * points);
const cost = ndarray("float64", [points, points], Float64Array.from({ length: points ** 2 }, (_, arc) => {
  const [i, j] = [Math.floor(arc / points), arc % points];
  return Math.hypot(at[2 * i] - at[2 * j], at[2 * i + 1] - at[2 * j + 1]);
}));
const pairs = ndarray("int32", [clusters, 2], Array.from({ length: clusters }, (_, k) => [k, -1]).flat());
const url = new URL(${JSON.stringify(new URL("../packages/losses-gemini/dist/transport/transport-worker.js", import.meta.url).href)});

const alone = await solvePairs(weights, cost, pairs, { threads: 1 });
const pool = new WorkerPool(url);
let helped = 0;
let same = true;
const solve = pool.solve.bind(pool);
pool.solve = async (job, helpers) => {
  const failures = await solve(job, helpers);
  helped += job.states.slice(1).filter((state) => state === 2).length;
  return failures;
};
for (let step = 0; step < 20 || (helped === 0 && step < 400); step++) {
  const shared = await solvePairs(weights, cost, pairs, { threads: 3, pool });
  for (const name of ["values", "firstPotentials", "secondPotentials"])
    same &&= shared[name].every((each, index) => Object.is(each, alone[name][index]));
  await new Promise((resolve) => setTimeout(resolve, 2));
}
weights.data[7 * clusters + 5] = -1;
const failure = await solvePairs(weights, cost, pairs, { threads: 3, pool }).catch(({ code, where }) => ({ code, where }));
console.log(JSON.stringify({ same, helped: helped > 0, failure }));
// The process ends by itself: an idle worker does not hold it.
`;

it("worker threads give the same bytes, pass failures on, and let the process end", { timeout: 60_000 }, () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    encoding: "utf8",
    timeout: 50_000,
  });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    same: true,
    helped: true,
    failure: { code: "TRANSPORT_MASSES", where: "optimal transport, pair 5 (column 5 and the uniform distribution)" },
  });
  expect(status).toBe(0);
});
