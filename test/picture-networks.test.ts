import { exportOnnx, ortBackend } from "@semblance/backend-ort";
import { tfjsNodeBackend } from "@semblance/backend-tfjs/node";
import {
  createCatalogue,
  createLearner,
  type Dataset,
  Key,
  ndarray,
  Predictor,
  spec,
  trace,
  traceInference,
  train,
} from "@semblance/core";
import { modelChecks } from "@semblance/core/checks";
import { dataPlugin } from "@semblance/data";
import { geminiPlugin } from "@semblance/losses-gemini";
import { importOnnx, lenet5, modelsPlugin, resnet18 } from "@semblance/models";
import { describe, expect, it } from "vitest";
import { digest, pytorchCases, pytorchProgram } from "../packages/models/test/pytorch-case.js";

const backends = {
  ort: () => ortBackend({ threads: 1 }),
  "tfjs/wasm": () => tfjsNodeBackend({ device: "wasm" }),
};
const catalogue = createCatalogue([geminiPlugin, modelsPlugin, dataPlugin]);

describe("networks for pictures pass their suite", () => {
  // What needs no backend is tested beside the models.
  const checks = [lenet5, resnet18].flatMap((model) => modelChecks(model as never, { backends }));
  const onBackends = checks.filter(({ title }) => Object.keys(backends).some((name) => title.includes(` on ${name}`)));
  it.each(onBackends.map((check) => [check.group, check.title, check] as const))("%s %s", async (_, __, check) => {
    await check.run();
  });
});

describe.each(Object.entries(backends))("networks for pictures are PyTorch's in float32 on %s", (_, make) => {
  it.each(pytorchCases.map((own) => [`${own.model} ${JSON.stringify(own.config)}`, own] as const))(
    "%s",
    async (__, expected) => {
      const { program, feeds } = pytorchProgram(expected, "float32");
      const backend = await make();
      const results = await (await backend.compile(program)).run(feeds);
      await backend.dispose();
      const near = (actual: ArrayLike<number>, values: readonly number[], what: string) =>
        values.forEach((value, at) => {
          // Normalising four single pixels by their own deviation amplifies the rounding of float32.
          const off = Math.abs(actual[at]! - value) / Math.max(1, Math.abs(value));
          expect(off, `${what} [${at}]: ${actual[at]}, not ${value}`).toBeLessThan(2e-3);
        });
      near(results.loss!.data, [expected.loss], "loss");
      near(results.logits!.data, expected.logits, "logits");
      near(results.inference!.data, expected.inference, "logits outside of training");
      for (const [name, value] of Object.entries(expected.gradients)) {
        near(digest(results[`gradient/${name}`]!.data), value, `gradient of ${name}`);
      }
      for (const [name, value] of Object.entries(expected.running)) near(digest(results[name]!.data), value, name);
    },
  );
});

const rows = 48;
const pictures: Dataset = {
  name: "noise",
  features: ndarray("float32", [rows, 3, 12, 12], Float32Array.from(Key.fromSeed(4).normal(rows * 432))),
};

/** A few epochs on ort, and what the trained network makes of the pictures. */
async function trained(model: { readonly name: string } & Record<string, unknown>) {
  const learner = createLearner({
    catalogue,
    data: pictures,
    model,
    loss: { name: "gemini/mmd-ova", clusters: 3, kernel: "linear" },
    optimizer: "adam",
  });
  const backend = await ortBackend({ threads: 1 });
  const { state, losses } = await train({
    backend,
    learner,
    data: pictures,
    sampler: catalogue.choose("sampler", { name: "shuffle", batchSize: 16 }),
    schedule: catalogue.choose("schedule", "constant"),
    learningRate: 1e-3,
    epochs: 3,
    seed: 1,
  });
  const predictor = new Predictor(backend, learner);
  await predictor.use(state);
  const predictions = await predictor.predict(pictures.features);
  await predictor.dispose();
  await backend.dispose();
  return { learner, state, losses, predictions };
}

const cases = [{ name: "lenet5" }, { name: "resnet18", width: 4, features: 8 }];

describe.each(cases.map((model) => [model.name, model] as const))("%s", (name, model) => {
  it("learns on ort, moves its statistics, and comes back from an ONNX file", async () => {
    const { learner, state, losses, predictions } = await trained(model);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    const running = learner.model.entry.running?.(learner.model.config) ?? [];
    for (const own of running) {
      const still = own.endsWith(".mean") ? 0 : 1;
      expect(
        state[`model/${own}`]!.data.every((value) => value !== still),
        own,
      ).toBe(true);
    }
    const weights = Object.fromEntries(Object.entries(state).filter(([own]) => own.startsWith("model/")));
    const indices = ndarray("int32", [rows], new Int32Array(rows));
    const bytes = await exportOnnx({
      program: (count) => traceInference(learner, weights, count, "float32"),
      weights,
      feeds: { data: pictures.features, indices },
      expected: predictions as never,
    });
    // Read back, the file is a function of any number of pictures, and computes the same by other kernels.
    const few = 5;
    const imported = importOnnx(bytes, { batch: few });
    const program = trace({
      name: `${name} from a file`,
      inputs: { data: spec("float32", [few, 3, 12, 12]) },
      build: ({ data }) => ({ outputs: { posteriors: imported.apply({ data }).posteriors! } }),
    });
    const backend = await tfjsNodeBackend({ device: "wasm" });
    const data = ndarray("float32", [few, 3, 12, 12], pictures.features.data.slice(0, few * 432));
    const { posteriors } = await (await backend.compile(program)).run({ data });
    await backend.dispose();
    posteriors!.data.forEach((value, at) => {
      expect(value).toBeCloseTo(predictions.posteriors!.data[at]!, 4);
    });
  });
});
