import { ortBackend } from "@semblance/backend-ort";
import {
  type Arrays,
  createCatalogue,
  createLearner,
  type Dataset,
  initialState,
  Key,
  ndarray,
  StepRunner,
} from "@semblance/core";
import { geminiPlugin } from "@semblance/losses-gemini";
import { modelsPlugin } from "@semblance/models";
import { describe, expect, it } from "vitest";

const catalogue = createCatalogue([geminiPlugin, modelsPlugin]);
const key = Key.fromSeed(8);
const ROWS = 6;
const STEPS = 2;
const pictures = (channels: number): Dataset => {
  const shape = [ROWS, channels, 32, 32];
  const length = ROWS * channels * 32 * 32;
  return {
    name: "pictures",
    features: ndarray("float32", shape, Float32Array.from(key.fold("pictures").normal(length))),
  };
};

/** Steps on the same batches from the same weights: the first state, each step's results, and the state after each. */
async function steps(model: string, regularisers: readonly object[]) {
  const data = pictures(model === "resnet18" ? 3 : 1);
  const learner = createLearner({
    catalogue,
    data,
    model,
    loss: { name: "gemini/kl-ova", clusters: 3 },
    optimizer: "sgd",
    regularisers: regularisers as never,
  });
  const backend = await ortBackend({ threads: 1 });
  const before = initialState(learner, key, backend.float);
  const runner = new StepRunner({ backend, learner, data, key }, before);
  try {
    const results: Arrays[] = [];
    const after: Arrays[] = [];
    for (let step = 1; step <= STEPS; step++) {
      const indices = Int32Array.from({ length: ROWS }, (_, row) => row);
      results.push(await runner.run({ step, indices, learningRate: 0.01 }));
      after.push(await runner.read());
    }
    return { before, results, after };
  } finally {
    await runner.dispose();
    await backend.dispose();
  }
}

const statisticsOf = (state: Arrays) =>
  Object.fromEntries(Object.entries(state).filter(([name]) => /^model\/.*\.(mean|variance)$/.test(name)));
const finite = (state: Arrays) =>
  Object.values(state).every(({ data }) => data.every((value) => Number.isFinite(value)));

describe("vat on pictures", () => {
  it.each(["lenet5", "resnet18"])("trains %s, and leaves running statistics to the batch itself", async (model) => {
    const plain = await steps(model, []);
    const own = await steps(model, [{ name: "vat", weight: 1, epsilon: 1 }]);
    for (const { terms, loss } of own.results.map((result) => ({
      loss: result.loss!.data[0]!,
      terms: Object.entries(result).filter(([name]) => name.endsWith("vat")),
    }))) {
      expect(terms).toHaveLength(1);
      expect(terms[0]![1].data[0]).toBeGreaterThan(0);
      expect(Number.isFinite(loss)).toBe(true);
    }
    expect(own.after.every(finite)).toBe(true);
    // The weights hear of the perturbed rows…
    const weight = Object.keys(own.before).find((name) => /weight/.test(name))!;
    expect(own.after[0]![weight]).not.toEqual(plain.after[0]![weight]);
    // … and statistics do not: after a step from equal weights they are those of training without.
    const [before, without, within] = [own.before, plain.after[0]!, own.after[0]!].map(statisticsOf);
    expect(within).toEqual(without);
    if (model === "lenet5") return;
    expect(Object.keys(within!)).toHaveLength(40);
    for (const name of Object.keys(within!)) expect(within![name]).not.toEqual(before![name]);
  });
});
