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

async function path(
  model: object,
  regulariser: object,
  { loss = {}, ...more }: Partial<RegularisationPathOptions> & { loss?: object } = {},
) {
  const data = threeGroups();
  const backend = await ortBackend({ threads: 1 });
  const learner = createLearner({
    catalogue,
    data,
    model: model as never,
    loss: { name: "gemini/mmd-ova", clusters: 3, ...loss },
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

  it("compares rows by the selected features where it is dynamic, and keeps the last step", async () => {
    const options = { epochs: 30, growth: 2, dynamic: true, loss: { kernel: { name: "rbf", gamma: "median" } } };
    const { start, steps, kept, state, reason } = await path({ name: "linear" }, { name: "group-lasso" }, options);
    expect(reason).toBe("minimum-features");
    expect(kept).toBe(steps.at(-1));
    const weights = state["model/head.weight"]!;
    const used = [...Array(8).keys()].filter((row) => weights.data.slice(row * 3, row * 3 + 3).some((w) => w !== 0));
    expect(used).toEqual(kept.selected);
    // Six features of noise blur the groups, and no longer once they are not compared by: with two left the objective exceeds what
    // it was with all eight, which it cannot where all are compared by throughout.
    const still = await path({ name: "linear" }, { name: "group-lasso" }, { ...options, dynamic: false });
    expect(still.start).toEqual(start);
    expect(kept.score).toBeGreaterThan(start.score);
    expect(Math.max(...still.steps.map(({ score }) => score))).toBeLessThan(kept.score);
  });

  it("ends after the batch under way where it is interrupted, with what it kept", async () => {
    const stop = new AbortController();
    const batches: number[] = [];
    const model = { name: "linear" };
    const interrupted = await path(
      model,
      { name: "group-lasso", weight: 0.02 },
      {
        epochs: 5,
        patience: 99,
        signal: stop.signal,
        onBatch({ step, weight }) {
          batches.push(weight);
          if (step === 12) stop.abort();
        },
      },
    );
    // One batch an epoch: five without penalty, five of the first step, and two of a step that is left out.
    expect(batches.map((weight) => Number(weight.toFixed(3)))).toEqual([
      ...Array(5).fill(0),
      ...Array(5).fill(0.02),
      ...Array(2).fill(0.028),
    ]);
    expect(interrupted).toMatchObject({ reason: "interrupted", batches: 10 });
    expect(interrupted.steps).toEqual([interrupted.kept]);
  });

  it.each([
    ["no regulariser that selects", { name: "entropy" }, {}, "NOTHING_SELECTS"],
    ["a path that does not grow", { name: "group-lasso" }, { growth: 1 }, "PATH_INVALID"],
    ["a path that begins at 0", { name: "group-lasso", weight: 0 }, {}, "PATH_INVALID"],
    [
      "to compare anew what is not compared",
      { name: "group-lasso" },
      { dynamic: true, loss: { name: "gemini/kl-ova" } },
      "PATH_INVALID",
    ],
    [
      "a matrix too large to compare anew",
      { name: "group-lasso" },
      { dynamic: true, affinityLimit: 1000 },
      "AFFINITY_TOO_LARGE",
    ],
  ])("refuses %s", async (_, regulariser, more, code) => {
    await expect(path({ name: "linear" }, regulariser, more)).rejects.toMatchObject({ code });
  });
});
