import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixedVector } from "../test/fixed-vector.js";
import { distance, draw, projected, score, shares } from "../test/score.js";

const LOSS = "gemini/kl-ova";
const entropy = (p: readonly number[]) =>
  -p.reduce((total, value) => total + (value > 0 ? value * Math.log(value) : 0), 0);
const sizes = fc.record({
  seed: fc.nat(1_000_000),
  n: fc.integer({ min: 1, max: 9 }),
  k: fc.integer({ min: 1, max: 5 }),
  d: fc.constant(1),
});
const always = (law: (posteriors: number[][]) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(sizes, (drawn) => law(draw(drawn).posteriors)),
    { seed: 29, numRuns: 40 },
  );

describe("klOva", () => {
  it("has the specification's value and gradient", async () => {
    const { value, gradient } = await score(LOSS, fixedVector);
    expect(value).toBeCloseTo(0.206031856102, 12);
    const [row] = projected(fixedVector.posteriors, gradient);
    [0.048218127, -0.027982158, -0.02023597].forEach((g, k) => expect(row![k]).toBeCloseTo(g, 9));
  });

  it("is the entropy of the shares minus the mean entropy of the rows, at most log K", () =>
    always(async (posteriors) => {
      const { value } = await score(LOSS, { posteriors });
      const within = posteriors.reduce((total, row) => total + entropy(row), 0) / posteriors.length;
      expect(value).toBeCloseTo(entropy(shares(posteriors)) - within, 13);
      expect(value).toBeLessThanOrEqual(entropy(shares(posteriors)) + 1e-14);
      expect(value).toBeLessThanOrEqual(Math.log(posteriors[0]!.length) + 1e-14);
    }));

  it("has the closed-form gradient (log p − log π)/N after projection", () =>
    always(async (posteriors) => {
      const { gradient } = await score(LOSS, { posteriors });
      const pi = shares(posteriors);
      const closed = posteriors.map((row) => row.map((p, k) => (Math.log(p) - Math.log(pi[k]!)) / posteriors.length));
      expect(distance(projected(posteriors, gradient), projected(posteriors, closed))).toBeLessThan(1e-14);
    }));

  it("is the entropy of the shares for one-hot rows", async () => {
    const posteriors = [0, 0, 1, 0, 2, 1, 0].map((own) => [0, 1, 2].map((k) => (k === own ? 1 : 0)));
    expect((await score(LOSS, { posteriors })).value).toBeCloseTo(entropy([4 / 7, 2 / 7, 1 / 7]), 14);
  });

  it("keeps the digits of nearly equal rows in float32", async () => {
    // p = ½ ± δ: G ≈ 2δ², and the logits' gradient is ±2δ/(2N) to first order.
    const delta = 2 ** -10;
    const posteriors = [1, -1, 1, -1].map((sign) => [0.5 + sign * delta, 0.5 - sign * delta]);
    const { value, gradient } = await score(LOSS, { posteriors }, "float32");
    expect(Math.abs(value - 2 * delta ** 2)).toBeLessThan(1e-7);
    const [row] = projected(posteriors, gradient);
    expect(row![0]! / (delta / 4)).toBeCloseTo(1, 3);
  });

  it.each([[[1e-45, 0, 1e-38]], [[1e-45, 0, 0]], [[1e-40, 1e-38, 1e-38]], [[1e-20, 1e-45, 0]], [[0, 0, 0]]])(
    "stays finite in float32 for a column %j",
    async (column) => {
      const posteriors = column.map((p) => [1, p]);
      const { value, gradient } = await score(LOSS, { posteriors }, "float32");
      expect([value, ...gradient.flat()].every(Number.isFinite)).toBe(true);
      expect(Math.max(...projected(posteriors, gradient).flat().map(Math.abs))).toBeLessThan(1e-18);
    },
  );
});
