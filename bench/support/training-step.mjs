import {
  createCatalogue,
  createLearner,
  initialState,
  Key,
  ndarray,
  scalarFeeds,
  traceTrainStep,
} from "@semblance/core";
import { geminiPlugin } from "@semblance/losses-gemini";
import { modelsPlugin } from "@semblance/models";

/** Clusters of the step. */
export const CLUSTERS = 10;

/**
 * The step that `semblance train` runs, the same model, loss, optimizer and trace: GEMINI MMD one-vs-all (linear kernel) and Adam, with `x`
 * as its batch.
 */
export async function trainingStep({ backend, model, x }) {
  const learner = createLearner({
    catalogue: createCatalogue([geminiPlugin, modelsPlugin]),
    data: { name: "noise", features: x },
    model,
    loss: { name: "gemini/mmd-ova", clusters: CLUSTERS, kernel: "linear" },
    optimizer: "adam",
  });
  const start = initialState(learner, Key.fromSeed(0), "float32");
  const batchSize = x.shape[0];
  const executable = await backend.compile(traceTrainStep(learner, start, { float: "float32", batchSize }));
  await executable.write(start);
  const indices = ndarray("int32", [batchSize], new Int32Array(batchSize));
  let step = 0;
  return {
    run: () => executable.run({ data: x, indices, ...scalarFeeds(learner, ++step, 1e-3, "float32") }),
    async dispose() {
      await executable.dispose();
      await backend.dispose();
    },
  };
}

/** onnxruntime with so many threads; ORT_PROFILE names a file for its profile. */
export function ortOptions(threads) {
  const profile = process.env.ORT_PROFILE;
  return { threads, ...(profile ? { profile } : {}) };
}
