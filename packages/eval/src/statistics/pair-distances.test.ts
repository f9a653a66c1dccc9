import { isSemblanceError } from "@semblance/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { bestThreshold } from "./pair-distances.js";

it("parts what can be parted, halfway between", () => {
  expect(bestThreshold({ same: [1, 2], different: [4, 9, 5] })).toEqual({
    threshold: 3,
    accuracy: 1,
    equalErrorRate: 0,
    areaUnderCurve: 1,
  });
});

it("is chance where both kinds are alike", () => {
  const { accuracy, equalErrorRate } = bestThreshold({ same: [1, 2, 3, 4], different: [1, 2, 3, 4] });
  expect([accuracy, equalErrorRate]).toEqual([0.5, 0.5]);
});

it("is the best of all thresholds, counted one by one", () => {
  const distances = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 15 });
  fc.assert(
    fc.property(distances, distances, (same, different) => {
      const share = (values: number[], test: (value: number) => boolean) => values.filter(test).length / values.length;
      const right = (t: number) => (share(same, (d) => d <= t) + share(different, (d) => d > t)) / 2;
      const { threshold, accuracy, equalErrorRate, areaUnderCurve } = bestThreshold({ same, different });
      const wins = same.flatMap((near) => different.map((far) => (near < far ? 1 : near === far ? 0.5 : 0)));
      expect(areaUnderCurve).toBeCloseTo(wins.reduce<number>((sum, win) => sum + win, 0) / wins.length, 12);
      const most = Math.max(...Array.from({ length: 14 }, (_, t) => right(t - 0.5)));
      expect(accuracy).toBeCloseTo(most, 12);
      if (accuracy > 0.5) expect(right(threshold)).toBeCloseTo(most, 12);
      expect(equalErrorRate).toBeGreaterThanOrEqual(0);
      // No threshold makes both errors smaller than the equal error rate's own.
      expect(equalErrorRate).toBeGreaterThanOrEqual(1 - most - 1e-12);
    }),
    { seed: 7, numRuns: 300 },
  );
});

it.each<[string, number[], number[]]>([
  ["INPUT_EMPTY", [], [1]],
  ["VALUE_NOT_FINITE", [1], [Number.NaN]],
])("%s", (code, same, different) => {
  let caught: unknown;
  try {
    bestThreshold({ same, different });
  } catch (error) {
    caught = error;
  }
  expect(isSemblanceError(caught) && caught.code).toBe(code);
});
