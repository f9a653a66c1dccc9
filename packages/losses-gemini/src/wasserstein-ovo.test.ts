import {
  createCatalogue,
  createLearner,
  defineModel,
  definePlugin,
  initialState,
  Key,
  matmul,
  type NdArray,
  ndarray,
  referenceBackend,
  regulariserFeeds,
  scalarFeeds,
  softmax,
  traceTrainStep,
} from "@semblance/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { distance, draw, catalogue as gemini, matrix, projected, score } from "../test/score.js";
import { allPairs } from "./cluster-pairs.js";
import { geminiPlugin } from "./gemini-plugin.js";

const LOSS = "gemini/wasserstein-ovo";
const pairsOf = (list: readonly (readonly number[])[]) =>
  ndarray("int32", [list.length, 2], Int32Array.from(list.flat()));

describe("wassersteinOvo with drawn pairs", () => {
  const inputs = draw({ seed: 14, n: 7, k: 4, d: 2 });

  it("is, over all draws, the whole on average, and so is its gradient", async () => {
    const whole = await score(LOSS, inputs);
    const pairs = allPairs(4);
    const draws = pairs.flatMap((first, at) => pairs.slice(at + 1).map((second) => [first, second]));
    let value = 0;
    let gradient = inputs.posteriors.map((row) => row.map(() => 0));
    for (const drawn of draws) {
      const part = await score({ name: LOSS, pairs: 2 }, { ...inputs, pairs: pairsOf(drawn) });
      value += part.value / draws.length;
      gradient = gradient.map((row, i) => row.map((sum, k) => sum + part.gradient[i]![k]! / draws.length));
    }
    expect(value).toBeCloseTo(whole.value, 12);
    expect(distance(projected(inputs.posteriors, gradient), projected(inputs.posteriors, whole.gradient))).toBeLessThan(
      1e-12,
    );
  });

  it.each([
    ["pairs without the key", LOSS, { ...inputs, pairs: pairsOf([[0, 1]]) }, "PAIRS_CONFLICT"],
    ["the key without pairs", { name: LOSS, pairs: 2 }, inputs, "PAIRS_MISSING"],
    ["no pairs to draw", { name: LOSS, pairs: 0 }, inputs, "CONFIG_INVALID"],
    [
      "a cluster that is none",
      { name: LOSS, pairs: 1 },
      { ...inputs, pairs: pairsOf([[0, 4]]) },
      expect.stringMatching(/INDEX_OUT_OF_RANGE|HOST_OPERATOR_FAILED/),
    ],
  ])("refuses %s", async (_, loss, given, code) => {
    await expect(score(loss, given)).rejects.toMatchObject({ code });
  });
});

describe("training with drawn pairs", () => {
  const regression = defineModel({
    name: "regression",
    summary: "softmax(x·W)",
    config: z.strictObject({}),
    inductive: true,
    init: (key, { item, outputs }) => ({
      weight: ndarray("float64", [item[0]!, outputs], key.normal(item[0]! * outputs)),
    }),
    apply({ weight }, x) {
      const logits = matmul(x, weight!);
      return { logits, posteriors: softmax(logits) };
    },
  });
  const models = definePlugin({
    name: "models",
    version: "1.0.0",
    core: "*",
    register: (registry) => registry.add(regression),
  });
  const catalogue = createCatalogue([geminiPlugin, models]);
  const data = draw({ seed: 2, n: 12, k: 5, d: 2 }).data;
  const learner = (clusters: number, pairs: number) =>
    createLearner({
      catalogue,
      data: { name: "drawn", features: ndarray("float32", [12, 2], data.flat()) },
      model: "regression",
      loss: { name: LOSS, clusters, pairs },
      optimizer: "adam",
    });
  const indices = Int32Array.from(data, (_, i) => i);
  const feedsOf = (of: ReturnType<typeof learner>, step: number, seed = 0) =>
    regulariserFeeds(of, { key: Key.fromSeed(seed), step, indices, learningRate: 1, float: "float64" });
  const drawnPairs = (array: NdArray | undefined) =>
    Array.from({ length: array!.shape[0]! }, (_, m) => [...array!.data.subarray(2 * m, 2 * m + 2)].join());

  it("draws other pairs at each step, the same ones for a seed and a step, each once", () => {
    const five = learner(5, 3);
    const at = (step: number, seed?: number) => drawnPairs(Object.values(feedsOf(five, step, seed))[0]);
    const steps = Array.from({ length: 40 }, (_, step) => at(step));
    expect(at(7)).toEqual(steps[7]);
    expect(at(7, 1)).not.toEqual(steps[7]);
    expect(steps.every((pairs) => new Set(pairs).size === 3)).toBe(true);
    expect(new Set(steps.flat())).toEqual(new Set(allPairs(5).map((pair) => pair.join())));
  });

  it("draws no more pairs than there are", () => {
    expect(drawnPairs(Object.values(feedsOf(learner(3, 99), 1))[0]).sort()).toEqual(["0,1", "0,2", "1,2"]);
  });

  it("computes the loss of the pairs that it is fed", async () => {
    const three = learner(3, 1);
    const backend = referenceBackend();
    const state = initialState(three, Key.fromSeed(0), "float64");
    const executable = await backend.compile(
      traceTrainStep(three, state, { float: "float64", batchSize: data.length }),
    );
    await executable.write(state);
    const { loss } = await executable.run({
      data: matrix(data),
      indices: ndarray("int32", [data.length], indices),
      ...scalarFeeds(three, 1, 0.1, "float64"),
      ...feedsOf(three, 1),
    });
    expect(loss!.data[0]).toBeLessThan(0);
    await backend.dispose();
  });
});

it("the pairs of clusters are registered for losses to draw", () => {
  expect(gemini.list("regulariser").map(({ name }) => name)).toContain("cluster-pairs");
});
