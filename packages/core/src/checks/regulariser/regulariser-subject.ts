import { z } from "zod";
import { convert, type FloatDType } from "../../arrays/dtype.js";
import { type NdArray, ndarray, takeRows } from "../../arrays/nd-array.js";
import { createCatalogue } from "../../container/create-catalogue.js";
import type { Arrays, Backend } from "../../contracts/backend.js";
import type { Dataset } from "../../contracts/dataset.js";
import { defineLoss } from "../../contracts/loss.js";
import { defineModel } from "../../contracts/model.js";
import { definePlugin } from "../../contracts/plugin.js";
import type { ActiveRegulariser, Regulariser } from "../../contracts/regulariser.js";
import { mean } from "../../functions/mean.js";
import { softmax } from "../../functions/softmax.js";
import { square } from "../../functions/square.js";
import type { Program } from "../../ir/program.js";
import { add } from "../../ops/add.js";
import { matmul } from "../../ops/matmul.js";
import { tanh } from "../../ops/tanh.js";
import { Key } from "../../random/key.js";
import { createLearner, type Learner } from "../../training/learner.js";
import { regulariserFeeds } from "../../training/regulariser-step.js";
import { initialState, scalarFeeds, traceTrainStep } from "../../training/train-step.js";

const [ROWS, FEATURES, HIDDEN, OUTPUTS] = [9, 4, 5, 3];
const LEARNING_RATE = 0.1;
const STEPS = 3;
const KEY = Key.fromSeed(20_260_112);

/** Named as first-party models name their weights. */
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  "head.weight": [FEATURES, OUTPUTS],
  "head.bias": [OUTPUTS],
  "skip.weight": [FEATURES, OUTPUTS],
  "hidden.0.weight": [FEATURES, HIDDEN],
  "hidden.1.weight": [HIDDEN, OUTPUTS],
};

const network = defineModel({
  name: "network",
  summary: "A linear layer, a skip connection and a hidden layer, added up.",
  config: z.strictObject({}),
  inductive: true,
  init: (key) =>
    Object.fromEntries(
      Object.entries(SHAPES).map(([name, shape]) => {
        const size = shape.reduce((product, extent) => product * extent, 1);
        return [name, ndarray("float64", shape, key.fold(name).normal(size))];
      }),
    ),
  apply(weights, x) {
    const straight = add(
      add(matmul(x, weights["head.weight"]!), weights["head.bias"]!),
      matmul(x, weights["skip.weight"]!),
    );
    const embeddings = tanh(matmul(x, weights["hidden.0.weight"]!));
    const logits = add(straight, matmul(embeddings, weights["hidden.1.weight"]!));
    return { logits, embeddings, posteriors: softmax(logits) };
  },
});

const small = defineLoss({
  name: "small",
  summary: "The mean square of the logits.",
  config: z.strictObject({}),
  inputs: { logits: { axes: ["n", "k"], type: "float", description: "any", differentiable: true } },
  shards: "needs-gather",
  outputs: () => OUTPUTS,
  build: ({ logits }) => mean(square(logits!)),
});

const plugin = definePlugin({
  name: "regulariser-subject",
  version: "1.0.0",
  core: "*",
  register: (registry) => [network, small].forEach((entry) => registry.add(entry)),
});

const data: Dataset = {
  name: "drawn rows",
  features: ndarray("float32", [ROWS, FEATURES], convert("float32", KEY.fold("data").normal(ROWS * FEATURES))),
};

/** A small learner with one regulariser, which may be registered nowhere. */
export function regulariserLearner(
  regulariser: Regulariser,
  config: unknown,
): { readonly learner: Learner; readonly active: ActiveRegulariser } {
  const bare = createLearner({
    catalogue: createCatalogue([plugin]),
    data,
    model: "network",
    loss: "small",
    optimizer: "sgd",
  });
  const active = regulariser.create(
    { data, shape: bare.shape, model: { name: network.name, inductive: true }, parameterShapes: () => SHAPES },
    config,
  );
  const chosen = { entry: regulariser, config };
  const regularisers = [{ label: regulariser.name, chosen, active, weight: regulariser.defaultWeight ?? 1 }];
  return { learner: { ...bare, regularisers }, active };
}

export function regulariserProgram(learner: Learner, batchSize: number, float: FloatDType): Program {
  return traceTrainStep(learner, initialState(learner, KEY, float), { float, batchSize });
}

/** A few steps: every value of the term, and the weights after them. */
export async function runSteps(
  learner: Learner,
  backend: Backend,
  batchSize: number,
): Promise<Record<string, NdArray>> {
  const { float } = backend;
  const executable = await backend.compile(regulariserProgram(learner, batchSize, float));
  try {
    await executable.write(initialState(learner, KEY, float));
    const outputs: Record<string, NdArray> = {};
    for (let step = 1; step <= STEPS; step++) {
      const indices = Int32Array.from({ length: batchSize }, (_, at) => (at + step) % ROWS);
      const rows = takeRows(data.features, indices);
      const results: Arrays = await executable.run({
        data: ndarray(float, rows.shape, convert(float, rows.data)),
        indices: ndarray("int32", [batchSize], indices),
        ...scalarFeeds(learner, step, LEARNING_RATE, float),
        ...regulariserFeeds(learner, { key: KEY, step, indices, learningRate: LEARNING_RATE, float }),
      });
      for (const [name, array] of Object.entries(results)) outputs[`${name} of step ${step}`] = array;
    }
    return { ...outputs, ...(await executable.read()) };
  } finally {
    await executable.dispose();
  }
}
