import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contingency } from "../partitions/contingency.js";
import { pairCounts } from "../partitions/pair-counts.js";
import { clusteringAccuracy } from "./accuracy.js";
import { adjustedMutualInformation } from "./ami.js";
import { adjustedRandIndex } from "./ari.js";
import { completeness } from "./completeness.js";
import { fowlkesMallows } from "./fowlkes-mallows.js";
import { homogeneity } from "./homogeneity.js";
import { normalisedMutualInformation } from "./nmi.js";
import { pairwiseF1 } from "./pairwise-f1.js";
import { purity } from "./purity.js";
import { randIndex } from "./rand-index.js";

type Score = (truth: ArrayLike<number>, predicted: ArrayLike<number>) => number;

const symmetric: Record<string, Score> = {
  randIndex,
  adjustedRandIndex,
  normalisedMutualInformation,
  adjustedMutualInformation,
  pairwiseF1,
  fowlkesMallows,
  clusteringAccuracy,
};
const all: Record<string, Score> = { ...symmetric, purity, homogeneity, completeness };

const labels = (length: number) => fc.array(fc.integer({ min: 0, max: 5 }), { minLength: length, maxLength: length });
const partitions = fc.integer({ min: 1, max: 24 }).chain((length) => fc.tuple(labels(length), labels(length)));
// Injective on 0 … 5, and neither consecutive nor positive.
const renamed = (names: readonly number[]) => names.map((name) => 7 * ((name * 5) % 6) - 11);

describe("the specification's check vector", () => {
  const truth = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];
  const predicted = [1, 1, 1, 0, 0, 0, 2, 2, 2, 3];

  it("has the stated pair counts", () => {
    expect(pairCounts(contingency(truth, predicted))).toEqual({
      trueNegatives: 29,
      falsePositives: 4,
      falseNegatives: 7,
      truePositives: 5,
      total: 45,
    });
  });

  it.each([
    ["randIndex", 0.755555555556],
    ["adjustedRandIndex", 0.320987654321],
    ["normalisedMutualInformation", 0.588489172631],
    ["adjustedMutualInformation", 0.367363815489],
    ["clusteringAccuracy", 0.7],
    ["purity", 0.8],
    ["pairwiseF1", 0.47619047619],
    ["fowlkesMallows", 0.481125224325],
    ["homogeneity", 0.649271274108],
    ["completeness", 0.538113229302],
  ])("%s", (name, value) => {
    expect(all[name]!(truth, predicted)).toBeCloseTo(value, 11);
  });
});

describe("laws of partition measures", () => {
  it.each(Object.entries(all))("%s does not depend on the names of classes and clusters", (_, score) => {
    fc.assert(
      fc.property(partitions, ([truth, predicted]) => {
        const value = score(truth, predicted);
        expect(score(renamed(truth), predicted)).toBeCloseTo(value, 12);
        expect(score(truth, renamed(predicted))).toBeCloseTo(value, 12);
      }),
      { seed: 1 },
    );
  });

  it.each(Object.entries(symmetric))("%s is symmetric", (_, score) => {
    fc.assert(
      fc.property(partitions, ([truth, predicted]) => {
        expect(score(truth, predicted)).toBeCloseTo(score(predicted, truth), 12);
      }),
      { seed: 2 },
    );
  });

  it("homogeneity and completeness swap with their arguments, purity is not symmetric", () => {
    fc.assert(
      fc.property(partitions, ([truth, predicted]) => {
        expect(homogeneity(truth, predicted)).toBe(completeness(predicted, truth));
      }),
      { seed: 3 },
    );
    expect(purity([0, 0, 0], [0, 1, 2])).toBe(1);
    expect(purity([0, 1, 2], [0, 0, 0])).toBeCloseTo(1 / 3, 12);
  });

  it.each(Object.entries(all))("%s is 1 for the classes themselves", (name, score) => {
    fc.assert(
      fc.property(partitions, ([truth]) => {
        // The reference gives Fowlkes–Mallows 0 where no two rows are together.
        fc.pre(name !== "fowlkesMallows" || new Set(truth).size < truth.length);
        expect(score(truth, renamed(truth))).toBeCloseTo(1, 12);
      }),
      { seed: 4 },
    );
  });

  it("the chance-corrected ones average 0 over random clusters, the others do not", () => {
    const truth = Array.from({ length: 60 }, (_, row) => row % 4);
    const draws = fc.sample(fc.shuffledSubarray(truth, { minLength: 60, maxLength: 60 }), { numRuns: 1500, seed: 5 });
    // A subarray of all entries in random order is a random permutation of the labels.
    const mean = (score: Score) => draws.reduce((sum, predicted) => sum + score(truth, predicted), 0) / draws.length;
    expect(Math.abs(mean(adjustedRandIndex))).toBeLessThan(0.005);
    expect(Math.abs(mean(adjustedMutualInformation))).toBeLessThan(0.005);
    expect(mean(randIndex)).toBeGreaterThan(0.5);
    expect(mean(normalisedMutualInformation)).toBeGreaterThan(0.03);
    expect(mean(clusteringAccuracy)).toBeGreaterThan(0.3);
  });

  it("NMI is the V-measure, and its variants are ordered by their denominators", () => {
    fc.assert(
      fc.property(partitions, ([truth, predicted]) => {
        const h = homogeneity(truth, predicted);
        const c = completeness(truth, predicted);
        const nmi = (average: "arithmetic" | "geometric" | "min" | "max") =>
          normalisedMutualInformation(truth, predicted, { average });
        fc.pre(new Set(truth).size > 1 && new Set(predicted).size > 1);
        expect(nmi("arithmetic")).toBeCloseTo(h + c === 0 ? 0 : (2 * h * c) / (h + c), 12);
        expect(nmi("max")).toBeLessThanOrEqual(nmi("arithmetic") + 1e-15);
        expect(nmi("arithmetic")).toBeLessThanOrEqual(nmi("geometric") + 1e-15);
        expect(nmi("geometric")).toBeLessThanOrEqual(nmi("min") + 1e-15);
      }),
      { seed: 6 },
    );
  });

  it("1 − RI is the share of pairs in dispute, and F1 ≤ Fowlkes–Mallows", () => {
    fc.assert(
      fc.property(partitions, ([truth, predicted]) => {
        const { falsePositives, falseNegatives, total } = pairCounts(contingency(truth, predicted));
        if (total > 0)
          expect(1 - randIndex(truth, predicted)).toBeCloseTo((falsePositives + falseNegatives) / total, 12);
        if (pairCounts(contingency(truth, predicted)).truePositives > 0) {
          expect(pairwiseF1(truth, predicted)).toBeLessThanOrEqual(fowlkesMallows(truth, predicted) + 1e-12);
        }
      }),
      { seed: 7 },
    );
  });

  it("accuracy is at most purity, and with one cluster the share of the largest class", () => {
    fc.assert(
      fc.property(partitions, ([truth, predicted]) => {
        expect(clusteringAccuracy(truth, predicted)).toBeLessThanOrEqual(purity(truth, predicted) + 1e-15);
        const largest = Math.max(...contingency(truth, predicted).classSizes);
        expect(
          clusteringAccuracy(
            truth,
            truth.map(() => 3),
          ),
        ).toBe(largest / truth.length);
      }),
      { seed: 8 },
    );
  });

  it.each(Object.entries(all))("%s is finite, and at most 1", (_, score) => {
    fc.assert(
      fc.property(partitions, ([truth, predicted]) => {
        const value = score(truth, predicted);
        expect(value).toBeGreaterThanOrEqual(-1);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }),
      { seed: 9 },
    );
  });
});

describe("edge cases of partition measures", () => {
  it("nothing to compare agrees perfectly, where the reference says so", () => {
    for (const score of [randIndex, adjustedRandIndex, normalisedMutualInformation, adjustedMutualInformation]) {
      expect(score([], [])).toBe(1);
    }
  });

  it("counts 1.8e9 pairs without overflow", () => {
    const truth = Int32Array.from({ length: 60_000 }, (_, row) => row % 2);
    const predicted = Int32Array.from(truth, (label, row) => (row === 0 ? 1 : label));
    // One row of 60,000 is misplaced: of T pairs, its 29,999 lost ones and 30,000 false ones are wrong.
    const total = (60_000 * 59_999) / 2;
    expect(randIndex(truth, predicted)).toBeCloseTo(1 - 59_999 / total, 14);
    expect(adjustedRandIndex(truth, predicted)).toBeCloseTo(1 - (2 * 59_999) / total, 8);
  });

  it("survives a cluster for every row", () => {
    const truth = Int32Array.from({ length: 60_000 }, (_, row) => row % 10);
    const singletons = Int32Array.from({ length: 60_000 }, (_, row) => row);
    for (const score of [
      randIndex,
      adjustedRandIndex,
      normalisedMutualInformation,
      adjustedMutualInformation,
      purity,
    ]) {
      expect(score(singletons, singletons)).toBeCloseTo(1, 12);
      expect(score(truth, singletons)).toBeGreaterThanOrEqual(-1e-9);
    }
  });
});
