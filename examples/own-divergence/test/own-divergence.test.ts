import { readFileSync } from "node:fs";
import { createCatalogue, evaluateLoss, Key, referenceBackend } from "@semblance/core";
import { describePlugin } from "@semblance/core/testing";
import { loadDataset } from "@semblance/data";
import { MetricLearning } from "@semblance/estimators";
import { recallAtK } from "@semblance/eval";
import { describe, expect, it } from "vitest";
import plugin from "../src/index.js";

describePlugin(plugin);

describe("the example's plugin", () => {
  it.each(["pseudo-huber.ts", "soft-nearest-neighbour.ts"])("%s has fewer than 30 lines", (file) => {
    const text = readFileSync(new URL(`../src/${file}`, import.meta.url), "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThan(30);
  });

  it("has the value of its formula, in loops", async () => {
    const [n, d] = [6, 2];
    const x = Key.fromSeed(1).normal(n * d);
    const y = [0, 1, 0, 1, 0, 2];
    const divergence = (i: number, j: number) =>
      [0, 1].reduce((sum, c) => sum + Math.sqrt(1 + (x[i * d + c]! - x[j * d + c]!) ** 2) - 1, 0);
    const terms = y.flatMap((label, i) => {
      const others = y.flatMap((_, j) => (j === i ? [] : [j]));
      const kin = others.filter((j) => y[j] === label);
      const total = (rows: number[]) => rows.reduce((sum, j) => sum + Math.exp(-divergence(i, j) / 0.5), 0);
      return kin.length > 0 ? [Math.log(total(others) / total(kin))] : [];
    });
    const { value } = await evaluateLoss({
      catalogue: createCatalogue([plugin]),
      backend: referenceBackend(),
      loss: { name: "neighbours/soft-nearest", temperature: 0.5 },
      inputs: { embeddings: { shape: [n, d], data: x }, labels: { shape: [n], data: y } },
    });
    expect(value).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / terms.length, 12);
  });

  it.each([
    [
      "our loss with its divergence",
      { name: "metric/triplet", divergence: "pseudo-huber", normalise: false, margin: 1 },
    ],
    ["its loss with its own divergence", "neighbours/soft-nearest"],
    ["its loss with ours", { name: "neighbours/soft-nearest", divergence: "squared-euclidean" }],
  ])("learns: %s", async (_, loss) => {
    const data = (await loadDataset("builtin:blobs")).splits.train;
    await using estimator = await new MetricLearning({
      loss,
      model: { name: "mlp", hidden: [16] },
      embedding: { width: 2, activation: "none" },
      sampler: { name: "shuffle", batchSize: 64 },
      epochs: 30,
      learningRate: 0.01,
      seed: 1,
      plugins: [plugin],
    }).fit(data);
    const embeddings = await estimator.embed(data);
    expect(recallAtK({ embeddings, labels: data.labels!.indices }, { k: 1 })).toBeGreaterThan(0.95);
  });
});
