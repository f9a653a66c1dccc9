import { tfjsBackend } from "@semblance/backend-tfjs";
import {
  createCatalogue,
  createLearner,
  initialState,
  Key,
  ndarray,
  scalarFeeds,
  traceTrainStep,
} from "@semblance/core";
import { GeminiClustering } from "@semblance/estimators";
import { geminiPlugin } from "@semblance/losses-gemini";
import { metricPlugin } from "@semblance/losses-metric";
import { modelsPlugin } from "@semblance/models";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";

/** A page that trains a small network and leaves its losses for the test to read. */
async function train(): Promise<number[]> {
  const data = ndarray("float32", [12, 4], Key.fromSeed(1).normal(48));
  const learner = createLearner({
    catalogue: createCatalogue([geminiPlugin, metricPlugin, modelsPlugin]),
    data: { name: "noise", features: data },
    model: { name: "mlp", hidden: [8], activation: "relu" },
    loss: { name: "gemini/mmd-ova", clusters: 3, kernel: "linear" },
    optimizer: "adam",
  });
  const backend = await tfjsBackend({ tf, device: "cpu" });
  const start = initialState(learner, Key.fromSeed(0), "float32");
  const executable = await backend.compile(traceTrainStep(learner, start, { float: "float32", batchSize: 12 }));
  await executable.write(start);
  const indices = ndarray("int32", [12], new Int32Array(12));
  const losses: number[] = [];
  for (let step = 1; step <= 5; step++) {
    const { loss } = await executable.run({ data, indices, ...scalarFeeds(learner, step, 1e-2, "float32") });
    losses.push(loss!.data[0]!);
  }
  await backend.dispose();
  return losses;
}

/** A page that clusters two groups of rows by the estimator. */
async function cluster(): Promise<number[]> {
  const rows = [
    [0, 0],
    [0, 1],
    [1, 0],
    [8, 8],
    [8, 9],
    [9, 8],
  ];
  const backend = await tfjsBackend({ tf, device: "cpu" });
  const estimator = await new GeminiClustering({ clusters: 2, model: "linear", epochs: 60, backend }).fit(rows);
  const predicted = Array.from(await estimator.predict(rows));
  await estimator.dispose();
  await backend.dispose();
  return predicted;
}

// One after the other: the two share TensorFlow.js.
const trained = train();
Object.assign(globalThis, { trained, clustered: trained.then(cluster) });
