import {
  convert,
  createCatalogue,
  createLearner,
  type Dataset,
  initialState,
  Key,
  ndarray,
  referenceBackend,
  regulariserFeeds,
  scalarFeeds,
  type TrainOptions,
  traceTrainStep,
  train,
} from "@semblance/core";
import { clusteringPlugin } from "@semblance/losses-clustering";
import { geminiPlugin } from "@semblance/losses-gemini";
import { modelsPlugin } from "@semblance/models";
import { describe, expect, it } from "vitest";

const key = Key.fromSeed(3);
const ROWS = 12;
const features = convert(
  "float32",
  key
    .fold("rows")
    .normal(ROWS * 2)
    .map((x, i) => x * 0.3 + [4, -4, 0][(i >> 1) % 3]!),
);
const data: Dataset = { name: "three", features: ndarray("float32", [ROWS, 2], features) };
const catalogue = createCatalogue([geminiPlugin, modelsPlugin, clusteringPlugin]);

const learner = (model: object, loss: object, regularisers: object[] = []) =>
  createLearner({
    catalogue,
    data,
    model: model as never,
    loss: { clusters: 3, ...loss } as never,
    optimizer: "sgd",
    regularisers: regularisers as never,
  });

/** One step of gradient descent with learning rate 1 on all rows: its values, and the weights before and after. */
async function step(subject: ReturnType<typeof learner>) {
  const state = initialState(subject, key, "float64");
  const executable = await referenceBackend().compile(
    traceTrainStep(subject, state, { float: "float64", batchSize: ROWS }),
  );
  await executable.write(state);
  const indices = Int32Array.from({ length: ROWS }, (_, row) => row);
  const results = await executable.run({
    data: ndarray("float64", [ROWS, 2], data.features.data),
    indices: ndarray("int32", [ROWS], indices),
    ...scalarFeeds(subject, 1, 1, "float64"),
    ...regulariserFeeds(subject, { key, step: 1, indices, learningRate: 1, float: "float64" }),
  });
  const after = await executable.read();
  await executable.dispose();
  return { loss: results.loss!.data[0]!, results, before: state, after };
}

const sumOfSquares = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x * x, 0);

describe("clustering/rim in training", () => {
  it("penalises the classifier's weights without its bias: the gradient is 2·l2·W more", async () => {
    const [free, penalised] = [
      await step(learner({ name: "linear" }, { name: "clustering/rim" })),
      await step(learner({ name: "linear" }, { name: "clustering/rim", l2: 0.1 })),
    ];
    const weight = free.before["model/head.weight"]!;
    expect(penalised.loss - free.loss).toBeCloseTo(0.1 * sumOfSquares(weight.data), 12);
    weight.data.forEach((w, at) => {
      const more = penalised.after["model/head.weight"]!.data[at]! - free.after["model/head.weight"]!.data[at]!;
      expect(more).toBeCloseTo(-0.2 * w, 12);
    });
    expect(penalised.after["model/head.bias"]).toEqual(free.after["model/head.bias"]);
  });

  it("penalises tr(WᵀKW) with model kernel, whose gradient is 2·l2·KW", async () => {
    const model = { name: "kernel", kernel: { name: "rbf", gamma: 1 } };
    const [free, penalised] = [
      await step(learner(model, { name: "clustering/rim" })),
      await step(learner(model, { name: "clustering/rim", l2: 0.1 })),
    ];
    const row = (i: number) => [data.features.data[2 * i]!, data.features.data[2 * i + 1]!] as const;
    const k = (i: number, j: number) => Math.exp(-((row(i)[0] - row(j)[0]) ** 2) - (row(i)[1] - row(j)[1]) ** 2);
    const w = free.before["model/weight"]!.data;
    const kw = Array.from({ length: ROWS * 3 }, (_, at) => {
      const [i, c] = [Math.floor(at / 3), at % 3];
      return Array.from({ length: ROWS }, (_, j) => k(i, j) * w[3 * j + c]!).reduce((a, b) => a + b, 0);
    });
    expect(penalised.loss - free.loss).toBeCloseTo(0.1 * kw.reduce((sum, x, at) => sum + x * w[at]!, 0), 12);
    kw.forEach((x, at) => {
      const more = penalised.after["model/weight"]!.data[at]! - free.after["model/weight"]!.data[at]!;
      expect(more).toBeCloseTo(-0.2 * x, 12);
    });
    expect(penalised.after["model/rows"]).toEqual(free.before["model/rows"]);
    expect([...free.before["model/rows"]!.data]).toEqual([...data.features.data]);
  });

  it("finds three groups by kernel RIM", async () => {
    const subject = learner(
      { name: "kernel", kernel: { name: "rbf", gamma: 1 } },
      { name: "clustering/rim", l2: 0.001 },
    );
    const options: TrainOptions = {
      backend: referenceBackend(),
      learner: subject,
      data,
      sampler: { entry: wholeBatches, config: {} } as never,
      schedule: catalogue.choose("schedule", "constant"),
      learningRate: 1,
      epochs: 300,
      seed: 2,
    };
    const { losses } = await train(options);
    expect(losses.at(-1)!).toBeLessThan(-0.9);
  });
});

const wholeBatches = {
  create: () => {
    let epoch = 0;
    const indices = Int32Array.from({ length: ROWS }, (_, row) => row);
    return {
      batchesPerEpoch: 1,
      next: () => ({ indices, epoch: epoch++, lastOfEpoch: true }),
      state: () => epoch,
      restore: () => {},
    };
  },
};

describe("clustering/imsat in training", () => {
  it("is minus the mutual information and what vat adds, with the perturbed posteriors that vat supplies", async () => {
    const perturbation = { name: "vat", epsilon: 0.5, xi: 1 };
    const own = await step(
      learner({ name: "mlp", hidden: [4] }, { name: "clustering/imsat", vatWeight: 2, perturbation }),
    );
    const bare = await step(
      learner({ name: "mlp", hidden: [4] }, { name: "clustering/imsat", vatWeight: 0, perturbation }),
    );
    expect(own.loss).toBeGreaterThan(bare.loss);
    const still = { ...perturbation, powerIterations: 0, epsilon: 1e-9 };
    const unmoved = await step(
      learner({ name: "mlp", hidden: [4] }, { name: "clustering/imsat", vatWeight: 2, perturbation: still }),
    );
    expect(unmoved.loss).toBeCloseTo(bare.loss, 12);
  });

  it("refuses a perturbation that supplies nothing, and a model that does not hear its rows", () => {
    expect(() => learner({ name: "mlp" }, { name: "clustering/imsat", perturbation: "entropy" })).toThrow(
      'regulariser "entropy" makes no inputs of losses',
    );
    expect(() => learner({ name: "categorical" }, { name: "clustering/imsat" })).toThrow(
      "does not depend on its input",
    );
  });
});
