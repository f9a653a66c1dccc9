import { readFileSync } from "node:fs";
import { createCatalogue, evaluateLoss, Key, referenceBackend } from "@semblance/core";
import { describePlugin } from "@semblance/core/testing";
import { loadDataset } from "@semblance/data";
import { GeminiClustering } from "@semblance/estimators";
import { adjustedRandIndex } from "@semblance/eval";
import { describe, expect, it } from "vitest";
import plugin from "../src/index.js";

describePlugin(plugin);

describe("the example's plugin", () => {
  it.each(["le-cam.ts", "matern.ts"])("%s has fewer than 40 lines", (file) => {
    const text = readFileSync(new URL(`../src/${file}`, import.meta.url), "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThan(40);
  });

  it("has the values of its formulas, in loops", async () => {
    const [n, k] = [5, 3];
    const raw = Key.fromSeed(1)
      .normal(n * k)
      .map(Math.exp);
    const p = Array.from({ length: n }, (_, i) => {
      const row = Array.from(raw.slice(i * k, (i + 1) * k));
      const total = row.reduce((sum, value) => sum + value, 0);
      return row.map((value) => value / total);
    });
    const pi = p[0]!.map((_, c) => p.reduce((sum, row) => sum + row[c]!, 0) / n);
    const distance = (a: number[], b: number[]) =>
      a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2 / (value + b[i]!) / 2, 0);
    const conditional = (c: number) => p.map((row) => row[c]! / (n * pi[c]!));
    const uniform = p.map(() => 1 / n);
    const expected = {
      ova: pi.reduce((sum, share, c) => sum + share * distance(conditional(c), uniform), 0),
      ovo: pi.reduce(
        (sum, one, a) =>
          sum + pi.reduce((part, two, b) => part + one * two * distance(conditional(a), conditional(b)), 0),
        0,
      ),
    };
    const catalogue = createCatalogue([plugin]);
    for (const [way, value] of Object.entries(expected)) {
      const result = await evaluateLoss({
        catalogue,
        backend: referenceBackend(),
        loss: `le-cam/${way}`,
        inputs: { posteriors: { shape: [n, k], data: p.flat() } },
        gradients: [],
      });
      expect(-result.value).toBeCloseTo(value, 12);
    }
    // Joint convexity, as for every GEMINI.
    expect(expected.ova).toBeLessThanOrEqual(expected.ovo);
  });

  it.each([
    ["le-cam/ova", {}],
    ["le-cam/ovo", {}],
    ["gemini/mmd-ova", { kernel: { name: "matern", length: 3 } }],
    ["gemini/mmd-ovo", { kernel: { name: "matern", length: 3 } }],
  ])("clusters by %s %j", async (loss, comparison) => {
    const data = (await loadDataset("builtin:blobs")).splits.train;
    await using estimator = await new GeminiClustering({
      clusters: 3,
      loss,
      ...comparison,
      model: { name: "mlp", hidden: [16] },
      epochs: 100,
      seed: 1,
      plugins: [plugin],
    }).fit(data);
    expect(adjustedRandIndex(data.labels!.indices, await estimator.predict(data))).toBeGreaterThan(0.9);
    expect(await estimator.score(data)).toBeGreaterThan(0);
  });
});
