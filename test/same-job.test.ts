import { ortBackend } from "@semblance/backend-ort";
import { tfjsNodeBackend } from "@semblance/backend-tfjs/node";
import {
  type Backend,
  createCatalogue,
  createLearner,
  type Learner,
  Predictor,
  type TrainResult,
  train,
} from "@semblance/core";
import { dataPlugin, loadDataset } from "@semblance/data";
import { geminiPlugin } from "@semblance/losses-gemini";
import { modelsPlugin } from "@semblance/models";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The main job's first steps on two backends: what is written once must learn the same wherever it runs. */
const STEPS = 50;

interface Outcome {
  readonly losses: readonly number[];
  /** The rows of each batch. */
  readonly batches: readonly string[];
  readonly labels: readonly number[];
}

const catalogue = createCatalogue([geminiPlugin, modelsPlugin, dataPlugin]);

/** A backend that notes which rows its steps are fed. */
const noting = (backend: Backend, batches: string[]): Backend => ({
  ...backend,
  async compile(program) {
    const executable = await backend.compile(program);
    return {
      read: (names) => executable.read(names),
      write: (values) => executable.write(values),
      dispose: () => executable.dispose(),
      run(feeds) {
        if (program.outputs.loss) batches.push(String(feeds.indices!.data));
        return executable.run(feeds);
      },
    };
  },
});

async function run(backend: Backend): Promise<Outcome> {
  const { splits } = await loadDataset("builtin:digits");
  const learner = createLearner({
    catalogue,
    data: splits.train,
    model: { name: "mlp", hidden: [200], activation: "tanh" },
    loss: { name: "gemini/mmd-ova", clusters: 10, kernel: "linear" },
    optimizer: "adam",
  });
  const losses: number[] = [];
  const batches: string[] = [];
  const enough = new AbortController();
  const result = await train({
    backend: noting(backend, batches),
    learner,
    data: splits.train,
    sampler: catalogue.choose("sampler", { name: "shuffle", batchSize: 500 }),
    schedule: catalogue.choose("schedule", "constant"),
    learningRate: 0.002,
    epochs: 20,
    seed: 0,
    signal: enough.signal,
    onEvent(event) {
      if (event.type !== "step") return;
      losses.push(event.loss);
      if (event.step === STEPS) enough.abort();
    },
  });
  expect(result.step).toBe(STEPS);
  return { losses, batches, labels: await labelsOf(backend, learner, result, splits.train.features) };
}

async function labelsOf(
  backend: Backend,
  learner: Learner,
  { state }: TrainResult,
  features: Parameters<Predictor["predict"]>[0],
): Promise<number[]> {
  const predictor = new Predictor(backend, learner);
  await predictor.use(state);
  const { posteriors } = await predictor.predict(features);
  await predictor.dispose();
  const [rows, clusters] = posteriors!.shape as [number, number];
  return Array.from({ length: rows }, (_, row) => {
    const own = posteriors!.data.subarray(row * clusters, (row + 1) * clusters);
    return own.indexOf(Math.max(...own) as never);
  });
}

describe("the same job on ort and on tfjs/wasm", () => {
  const backends: Backend[] = [];
  let onOrt: Outcome;
  let onWasm: Outcome;

  beforeAll(async () => {
    backends.push(await ortBackend(), await tfjsNodeBackend({ device: "wasm" }));
    onOrt = await run(backends[0]!);
    onWasm = await run(backends[1]!);
  });
  afterAll(async () => {
    for (const backend of backends) await backend.dispose();
  });

  it("draws the same batches", () => {
    expect(onWasm.batches).toHaveLength(STEPS);
    expect(new Set(onWasm.batches).size).toBe(STEPS);
    expect(onWasm.batches).toEqual(onOrt.batches);
  });

  it("follows the same curve within 1e-4", () => {
    expect(onWasm.losses).toHaveLength(STEPS);
    // It learns, so that the curves are not alike for lack of movement.
    expect(onOrt.losses.at(-1)! / onOrt.losses[0]!).toBeGreaterThan(1.2);
    const deviations = onOrt.losses.map((loss, step) => Math.abs(onWasm.losses[step]! / loss - 1));
    const worst = Math.max(...deviations);
    expect(worst, `at step ${deviations.indexOf(worst) + 1}`).toBeLessThanOrEqual(1e-4);
  });

  it("ends in the same clusters, for 99.9 % of the rows", () => {
    const equal = onOrt.labels.filter((label, row) => onWasm.labels[row] === label).length;
    expect(new Set(onOrt.labels).size).toBeGreaterThan(2);
    expect(equal / onOrt.labels.length).toBeGreaterThanOrEqual(0.999);
  });
});
