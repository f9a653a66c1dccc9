import { ndarray } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignmentEntropy, renyiEntropy } from "./entropy.js";

const infinity = Number.POSITIVE_INFINITY;
const distributions = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 })
  .filter((weights) => weights.some((weight) => weight > 1e-3))
  .map((weights) => {
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / total);
  });

describe("renyiEntropy", () => {
  it.each([
    [0.5, 1.298613731787],
    [1, 1.21300756598],
    [2, 1.067840630001],
    [infinity, Math.LN2],
  ])("has the check values at α = %s", (alpha, value) => {
    expect(renyiEntropy([0.5, 0.25, 0.125, 0.125], alpha)).toBeCloseTo(value, 11);
  });

  it("is non-increasing in α, and H_∞ ≥ ½ H₂", () => {
    fc.assert(
      fc.property(distributions, (q) => {
        const values = [0, 0.5, 1, 2, infinity].map((alpha) => renyiEntropy(q, alpha));
        // The floor inside Shannon's logarithm gives up to 1e-12 · 27 away.
        values.slice(1).forEach((value, i) => expect(value).toBeLessThanOrEqual(values[i]! + 1e-10));
        expect(values[4]).toBeGreaterThanOrEqual(values[3]! / 2 - 1e-12);
      }),
      { seed: 21 },
    );
  });

  it("is log K for uniform and 0 for one-hot vectors, at every α", () => {
    for (const alpha of [0, 0.5, 1, 1 + 1e-7, 2, 400, infinity]) {
      expect(renyiEntropy([0.2, 0.2, 0.2, 0.2, 0.2], alpha)).toBeCloseTo(Math.log(5), 9);
      expect(renyiEntropy([0, 1, 0], alpha)).toBe(0);
    }
  });

  it("is continuous at α = 1", () => {
    const q = [0.6, 0.3, 0.1];
    expect(renyiEntropy(q, 1 + 2e-6)).toBeCloseTo(renyiEntropy(q, 1), 5);
  });

  it.each([-1, Number.NaN])("refuses α = %s", (alpha) => {
    expect(() => renyiEntropy([1], alpha)).toThrow(expect.objectContaining({ code: "SETTING_INVALID" }));
  });
});

it("rows are never more undecided than their mean: the difference is their mutual information", () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 })), { minLength: 1 });
  fc.assert(
    fc.property(rows, (weights) => {
      const posteriors = ndarray(
        "float64",
        [weights.length, 2],
        weights.flatMap(([a, b]) => [a / (a + b), b / (a + b)]),
      );
      const samples = assignmentEntropy(posteriors, { of: "samples" });
      expect(samples).toBeLessThanOrEqual(assignmentEntropy(posteriors, { of: "mean" }) + 1e-11);
    }),
    { seed: 22 },
  );
});

it.each([
  ["a negative probability", [1.5, -0.5]],
  ["NaN", [Number.NaN, 1]],
  ["a row that sums to 2", [1, 1]],
])("refuses %s", (_, row) => {
  expect(() => assignmentEntropy(ndarray("float64", [1, 2], row))).toThrow(
    expect.objectContaining({ code: "NOT_A_DISTRIBUTION" }),
  );
});
