import { isSemblanceError, Key } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrap, pairedBootstrap } from "./bootstrap.js";

const width = ({ low, high }: { low: number; high: number }) => high - low;

it.each([0.8, 0.95])("holds the true mean about as often as it says: %f", (level) => {
  const trials = 400;
  let held = 0;
  for (let trial = 0; trial < trials; trial++) {
    // Skewed: squares of normal numbers, whose mean is 1.
    const values = Key.fromSeed(trial)
      .normal(80)
      .map((value) => value ** 2);
    const { low, high } = bootstrap(values, { resamples: 300, level, key: Key.fromSeed(trial).fold("draws") });
    if (low <= 1 && 1 <= high) held++;
  }
  // Percentile intervals of skewed values of 80 queries fall short by a few percent; the trials themselves vary by 2.
  expect(held / trials).toBeGreaterThan(level - 0.07);
  expect(held / trials).toBeLessThan(level + 0.04);
});

it("is as wide as theory says", () => {
  const values = Key.fromSeed(1).normal(4000);
  expect(width(bootstrap(values)) / (2 * 1.96 * (1 / Math.sqrt(4000)))).toBeCloseTo(1, 1);
  expect(width(bootstrap(values, { level: 0.5 })) / (2 * 0.6745 * (1 / Math.sqrt(4000)))).toBeCloseTo(1, 1);
});

describe("pairedBootstrap", () => {
  const shared = Key.fromSeed(2).normal(300);
  const own = (seed: number, shift: number) =>
    Key.fromSeed(seed)
      .normal(300)
      .map((value, query) => shared[query]! + 0.1 * value + shift);

  it("sees a difference that two intervals do not, where queries are hard for both", () => {
    const [a, b] = [own(3, 0.05), own(4, 0)];
    const [ofA, ofB, paired] = [bootstrap(a), bootstrap(b), pairedBootstrap(a, b)];
    expect(ofA.low).toBeLessThan(ofB.high);
    expect(paired.differs).toBe(true);
    expect(paired.mean).toBeCloseTo(ofA.mean - ofB.mean, 12);
    expect(width(paired)).toBeLessThan(0.25 * width(ofA));
  });

  it("turns over with its arguments, and finds no difference of equals", () => {
    const [a, b] = [own(5, 0), own(6, 0.2)];
    const [there, back] = [pairedBootstrap(a, b), pairedBootstrap(b, a)];
    expect(there.low).toBeCloseTo(-back.high, 12);
    expect(there.differs && back.differs).toBe(true);
    expect(pairedBootstrap(a, a)).toMatchObject({ mean: 0, low: 0, high: 0, differs: false });
  });

  it("leaves out queries that have no value in either", () => {
    const b = [0, 1, 1, Number.NaN, 1];
    expect(pairedBootstrap([1, 1, Number.NaN, 0, 0], b)).toMatchObject({ mean: 0, queries: 3 });
  });
});

it("stays between the least and the greatest value, widens with the level, and repeats itself", () => {
  const value = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), fc.integer({ min: 0, max: 99 }), (values, seed) => {
      const options = { resamples: 50, key: Key.fromSeed(seed) };
      const narrow = bootstrap(values, { ...options, level: 0.5 });
      const wide = bootstrap(values, { ...options, level: 0.9 });
      expect(wide.low).toBeLessThanOrEqual(narrow.low);
      expect(wide.high).toBeGreaterThanOrEqual(narrow.high);
      expect(wide.low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
      expect(wide.high).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
      expect(bootstrap(values, { ...options, level: 0.9 })).toEqual(wide);
    }),
    { seed: 6, numRuns: 100 },
  );
});

it.each<[string, () => unknown]>([
  ["INPUT_EMPTY", () => bootstrap([Number.NaN])],
  ["SETTING_INVALID", () => bootstrap([1], { resamples: 0 })],
  ["SETTING_INVALID", () => bootstrap([1], { level: 1 })],
  ["LENGTHS_DIFFER", () => pairedBootstrap([1], [1, 2])],
])("%s", (code, call) => {
  let caught: unknown;
  try {
    call();
  } catch (error) {
    caught = error;
  }
  expect(isSemblanceError(caught) && caught.code).toBe(code);
});
