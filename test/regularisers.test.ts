import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { ortBackend } from "@semblance/backend-ort";
import { tfjsBackend } from "@semblance/backend-tfjs";
import {
  convert,
  createCatalogue,
  createLearner,
  type Dataset,
  Key,
  ndarray,
  type RegularisationPathOptions,
  regularisationPath,
} from "@semblance/core";
import { describeRegulariser } from "@semblance/core/testing";
import { dataPlugin } from "@semblance/data";
import { geminiPlugin } from "@semblance/losses-gemini";
import { modelsPlugin } from "@semblance/models";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

// In Node the .wasm files are looked for where they are not.
setWasmPaths(
  fileURLToPath(new URL(".", `file://${createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")}`)),
);

const catalogue = createCatalogue([geminiPlugin, modelsPlugin, dataPlugin]);

/** Core runs the suites of its regularisers on the reference; these are the backends that people run. */
const backends = {
  ort: () => ortBackend({ threads: 1 }),
  "tfjs/wasm": () => tfjsBackend({ tf, device: "wasm" }),
  "tfjs/cpu": () => tfjsBackend({ tf, device: "cpu" }),
};
for (const regulariser of catalogue.list("regulariser")) describeRegulariser(regulariser, { backends });

/** Three groups that only the first two of eight features tell apart. */
function threeGroups(): Dataset {
  const [rows, features] = [90, 8];
  const data = Key.fromSeed(4).normal(rows * features);
  for (let row = 0; row < rows; row++) {
    data[row * features]! += [3, -3, 0][row % 3]!;
    data[row * features + 1]! += [-2, -2, 4][row % 3]!;
  }
  return { name: "groups", features: ndarray("float32", [rows, features], convert("float32", data)) };
}

async function path(model: object, regulariser: object, more: Partial<RegularisationPathOptions> = {}) {
  const data = threeGroups();
  const backend = await ortBackend({ threads: 1 });
  const learner = createLearner({
    catalogue,
    data,
    model: model as never,
    loss: { name: "gemini/mmd-ova", clusters: 3 },
    optimizer: "adam",
    regularisers: [regulariser as never],
  });
  const sampler = catalogue.choose("sampler", { name: "shuffle", batchSize: 90 });
  try {
    return await regularisationPath({
      backend,
      learner,
      data,
      sampler,
      learningRate: 0.05,
      epochs: 60,
      seed: 1,
      growth: 1.4,
      ...more,
    });
  } finally {
    await backend.dispose();
  }
}

describe("regularisationPath", () => {
  it.each([
    ["linear with group-lasso", { name: "linear" }, { name: "group-lasso", weight: 0.02 }, "head.weight"],
    [
      "sparse-mlp with hierarchical-lasso",
      { name: "sparse-mlp", hidden: [6] },
      { name: "hierarchical-lasso", weight: 0.02 },
      "skip.weight",
    ],
  ])("keeps the features that tell the groups apart: %s", async (_, model, regulariser, parameter) => {
    const { start, steps, kept, state, reason } = await path(model, regulariser);
    expect(reason).toBe("minimum-features");
    expect(start).toMatchObject({ weight: 0, epochs: 60, selected: [0, 1, 2, 3, 4, 5, 6, 7] });
    expect(start.score).toBeGreaterThan(1);
    steps.forEach(({ weight }, at) => expect(weight).toBeCloseTo(0.02 * 1.4 ** at, 12));
    expect(steps.at(-1)!.selected.length).toBeLessThanOrEqual(2);
    for (const { selected } of steps.slice(0, -1)) expect(selected.length).toBeGreaterThan(2);
    expect(kept.score).toBeGreaterThanOrEqual(0.9 * start.score);
    // Where the last features leave, those that carry the groups are the last.
    expect(kept.selected).toEqual(expect.arrayContaining([0, 1]));
    expect(kept.selected.length).toBeLessThan(8);
    const weights = state[`model/${parameter}`]!;
    const width = weights.shape[1]!;
    const used = [...Array(8).keys()].filter((row) =>
      weights.data.slice(row * width, (row + 1) * width).some((w) => w !== 0),
    );
    expect(used).toEqual(kept.selected);
  });

  it("gives the same path twice, and ends where it is told to", async () => {
    const model = { name: "linear" };
    const regulariser = { name: "group-lasso", weight: 0.02 };
    const twice = [];
    for (let run = 0; run < 2; run++) twice.push(await path(model, regulariser, { epochs: 15, maximumSteps: 3 }));
    expect(twice[1]).toEqual(twice[0]);
    expect(twice[0]).toMatchObject({ reason: "maximum-steps" });
    expect(twice[0]!.steps).toHaveLength(3);
    const patient = await path(model, regulariser, { epochs: 200, maximumSteps: 1, patience: 3 });
    expect(patient.start.epochs).toBe(200);
    expect(patient.steps[0]!.epochs).toBeLessThan(200);
  });

  it.each([
    ["no regulariser that selects", { name: "entropy" }, {}, "NOTHING_SELECTS"],
    ["a path that does not grow", { name: "group-lasso" }, { growth: 1 }, "PATH_INVALID"],
    ["a path that begins at 0", { name: "group-lasso", weight: 0 }, {}, "PATH_INVALID"],
  ])("refuses %s", async (_, regulariser, more, code) => {
    await expect(path({ name: "linear" }, regulariser, more)).rejects.toMatchObject({ code });
  });
});
