import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawLogits, evaluate, softmaxRows } from "../test/evaluate.js";

const sizes = fc.record({
  seed: fc.nat(1_000_000),
  n: fc.integer({ min: 1, max: 9 }),
  k: fc.integer({ min: 1, max: 5 }),
});
const always = (law: (logits: number[][], drawn: { n: number; k: number }) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(sizes, (drawn) => law(drawLogits(drawn.seed, drawn.n, drawn.k), drawn)),
    { seed: 41, numRuns: 30 },
  );
const rim = async (inputs: Parameters<typeof evaluate>[1], keys: object = {}) =>
  (await evaluate({ name: "clustering/rim", ...keys }, inputs)).value;

describe("clustering/rim", () => {
  it("is minus the mutual information, between −log K and 0, from logits as from posteriors", () =>
    always(async (logits, { n, k }) => {
      const p = softmaxRows(logits);
      const pi = p[0]!.map((_, c) => p.reduce((sum, row) => sum + row[c]!, 0) / n);
      const information = p
        .flatMap((row) => row.map((x, c) => (x * Math.log(x / pi[c]!)) / n))
        .reduce((a, b) => a + b, 0);
      const value = await rim({ logits });
      expect(value).toBeCloseTo(-information, 12);
      expect(await rim({ posteriors: p })).toBeCloseTo(value, 12);
      expect(value).toBeLessThanOrEqual(1e-14);
      expect(value).toBeGreaterThanOrEqual(-Math.log(k) - 1e-14);
    }));

  it("is 0 for equal rows and −log K for one-hot balanced ones", async () => {
    expect(
      await rim({
        posteriors: [
          [0.2, 0.8],
          [0.2, 0.8],
        ],
      }),
    ).toBeCloseTo(0, 14);
    expect(
      await rim({
        posteriors: [
          [1, 0, 0],
          [0, 0, 1],
          [0, 1, 0],
        ],
      }),
    ).toBeCloseTo(-Math.log(3), 14);
  });

  it("does not see empty clusters, nor rows that repeat", () =>
    always(async (logits) => {
      const posteriors = softmaxRows(logits);
      const value = await rim({ posteriors });
      expect(await rim({ posteriors: posteriors.map((row) => [...row, 0]) })).toBeCloseTo(value, 13);
      expect(await rim({ posteriors: [...posteriors, ...posteriors] })).toBeCloseTo(value, 13);
    }));

  it("keeps the gradient of logits finite where posteriors underflow", async () => {
    const { value, gradients } = await evaluate(
      { name: "clustering/rim" },
      {
        logits: [
          [900, 0],
          [0, 900],
        ],
      },
    );
    expect(value).toBeCloseTo(-Math.log(2), 14);
    expect([...gradients.logits!.data].every(Number.isFinite)).toBe(true);
  });

  it.each([
    ["neither posteriors nor logits", {}, {}, "RIM_INPUT_MISSING"],
    ["l2 without weights", { l2: 1 }, { posteriors: [[1, 0]] }, "RIM_INPUT_MISSING"],
    ["another number of clusters", { clusters: 3 }, { posteriors: [[1, 0]] }, "CLUSTERS_MISMATCH"],
    ["no columns", {}, { posteriors: [[]] }, "RIM_INPUT_INVALID"],
  ])("refuses %s", async (_, keys, inputs, code) => {
    await expect(rim(inputs as never, keys)).rejects.toMatchObject({ code });
  });
});
