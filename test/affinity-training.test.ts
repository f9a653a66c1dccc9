import { ortBackend } from "@semblance/backend-ort";
import {
  createCatalogue,
  createLearner,
  type Dataset,
  Key,
  ndarray,
  Predictor,
  rowsOf,
  type TrainResult,
  train,
} from "@semblance/core";
import { dataPlugin, twoMoons } from "@semblance/data";
import { adjustedRandIndex } from "@semblance/eval";
import { geminiPlugin, hop } from "@semblance/losses-gemini";
import { modelsPlugin } from "@semblance/models";
import { describe, expect, it } from "vitest";

const catalogue = createCatalogue([geminiPlugin, modelsPlugin, dataPlugin]);
/** At this quantile the graph of 160 points falls into the two moons and no further part. */
const HOP = { quantile: 0.12 };
const moons = (seed: number) => twoMoons({ key: Key.fromSeed(seed), rows: 160 });

interface Trained extends TrainResult {
  /** How well the clusters agree with the moons. */
  readonly agreement: number;
}

/** Trains a small network on all rows of the moons, by Wasserstein GEMINI with a distance. */
async function trained(data: Dataset, distance: unknown, { epochs, seed = 1 }: { epochs: number; seed?: number }) {
  const learner = createLearner({
    catalogue,
    data,
    model: { name: "mlp", hidden: [10], activation: "tanh" },
    loss: { name: "gemini/wasserstein-ova", clusters: 2, distance },
    optimizer: "adam",
  });
  const backend = await ortBackend({ threads: 1 });
  try {
    const result = await train({
      backend,
      learner,
      data,
      sampler: catalogue.choose("sampler", { name: "shuffle", batchSize: 80 }),
      schedule: catalogue.choose("schedule", "constant"),
      learningRate: 0.02,
      epochs,
      seed,
    });
    const predictor = new Predictor(backend, learner);
    await predictor.use(result.state);
    const { posteriors } = await predictor.predict(data.features);
    await predictor.dispose();
    const clusters = Int32Array.from({ length: rowsOf(data) }, (_, row) => {
      const [first, second] = [posteriors!.data[2 * row]!, posteriors!.data[2 * row + 1]!];
      return first >= second ? 0 : 1;
    });
    return { ...result, agreement: adjustedRandIndex(data.labels!.indices, clusters) } satisfies Trained;
  } finally {
    await backend.dispose();
  }
}

describe("training with hops on the neighbour graph", () => {
  it("is the same to the last bit whether they are computed or given as a matrix", async () => {
    const data = moons(5);
    const table = await hop.table!(data.features, HOP);
    const affinity = ndarray("float64", table.shape, Float64Array.from(table.data));
    const computed = await trained(data, { name: "hop", ...HOP }, { epochs: 8 });
    const given = await trained({ ...data, affinity }, "precomputed", { epochs: 8 });
    expect(given.losses).toEqual(computed.losses);
    expect(given.state).toEqual(computed.state);
    // Another matrix is not the same: the comparison above can fail.
    const other = ndarray("float64", affinity.shape, Float64Array.from(affinity.data, Math.sqrt));
    const unlike = await trained({ ...data, affinity: other }, "precomputed", { epochs: 8 });
    expect(unlike.losses).not.toEqual(computed.losses);
  });

  it.each([1, 2, 3])("finds the two moons, which Euclidean distances cut across: seed %i", async (seed) => {
    const data = moons(5);
    const along = await trained(data, { name: "hop", ...HOP }, { epochs: 300, seed });
    expect(along.agreement).toBe(1);
    const across = await trained(data, "euclidean", { epochs: 300, seed });
    expect(across.agreement).toBeLessThan(0.7);
  });
});
