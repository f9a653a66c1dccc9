/**
 * A loss of your own in a few lines: the squared-loss mutual information of Sugiyama et al. (2011), which no package of ours has.
 * It reads like its formula, gets its gradient from core, and runs on every backend.
 *
 *     SMI = ½ Σₖ (1/N) Σᵢ pᵢₖ²/πₖ − ½
 */
import {
  createCatalogue,
  createLearner,
  defineLoss,
  definePlugin,
  div,
  mean,
  mul,
  neg,
  Predictor,
  referenceBackend,
  square,
  sub,
  sum,
  train,
} from "@semblance/core";
import { dataPlugin, loadDataset } from "@semblance/data";
import { adjustedRandIndex, argMaxRows } from "@semblance/eval";
import { modelsPlugin } from "@semblance/models";
import { z } from "zod";

const squaredLossInformation = defineLoss({
  name: "example/squared-loss-information",
  summary: "Squared-loss mutual information between rows and clusters.",
  formula: "½ Σₖ (1/N) Σᵢ pᵢₖ²/πₖ − ½",
  source: "Sugiyama, Yamada, Kimura, Hachiya, On information-maximization clustering, ICML 2011",
  config: z.strictObject({ clusters: z.int().min(2).describe("the most clusters that may be used") }),
  examples: [{ clusters: 3 }],
  inputs: {
    posteriors: { axes: ["n", "k"], type: "float", description: "cluster probabilities", differentiable: true },
  },
  shards: "needs-gather",
  score: (loss) => -loss,
  outputs: ({ clusters }) => clusters,
  build({ posteriors: p }) {
    const pi = mean(p!, { axes: [0] });
    return neg(mul(sub(sum(mean(div(square(p!), pi), { axes: [0] })), 1), 0.5));
  },
});

export const examplePlugin = definePlugin({
  name: "semblance-example-loss",
  version: "1.0.0",
  core: "^0.1.0",
  register: (registry) => registry.add(squaredLossInformation),
});

/** Trains on three blobs and says how well the clusters fit them (1 is perfect). */
export async function run(epochs = 60): Promise<{ score: number; agreement: number }> {
  const catalogue = createCatalogue([dataPlugin, modelsPlugin, examplePlugin]);
  const { splits } = await loadDataset("builtin:blobs");
  const data = splits.train;
  const backend = referenceBackend();
  const learner = createLearner({
    catalogue,
    data,
    model: { name: "mlp", hidden: [16] },
    loss: { name: "example/squared-loss-information", clusters: 3 },
    optimizer: "adam",
  });
  const result = await train({
    backend,
    learner,
    data,
    sampler: catalogue.choose("sampler", { name: "shuffle", batchSize: 100 }),
    schedule: catalogue.choose("schedule", "constant"),
    learningRate: 0.02,
    epochs,
    seed: 1,
  });
  const predictor = new Predictor(backend, learner);
  await predictor.use(result.state);
  const { posteriors } = await predictor.predict(data.features);
  const predicted = argMaxRows(posteriors!);
  return { score: -result.losses.at(-1)!, agreement: adjustedRandIndex(data.labels!.indices, predicted) };
}
