import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FEW, sumGaps } from "./sum-gaps.js";

// Whole numbers, so that ties and gaps at the very bounds are common.
const few = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 9 });
const many = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: FEW + 1, maxLength: 30 });
/** Of few of one kind each triplet is visited, of many of both what is sorted. */
const divergences = fc.oneof(fc.tuple(few, few), fc.tuple(few, many), fc.tuple(many, many));
const bounds = fc.constantFrom(
  { above: Number.NEGATIVE_INFINITY, upTo: 1 },
  { above: Number.NEGATIVE_INFINITY, upTo: 0 },
  { above: 0, upTo: 2 },
  { above: 2, upTo: Number.POSITIVE_INFINITY },
  { above: 3, upTo: 1 },
);

/** The same by visiting each triplet. */
function byTriplets(
  positives: readonly number[],
  negatives: readonly number[],
  gaps: { above: number; upTo: number },
  margin: number,
) {
  const ofPositives = positives.map(() => 0);
  const ofNegatives = negatives.map(() => 0);
  let [chosen, total, above] = [0, 0, 0];
  positives.forEach((p, i) => {
    negatives.forEach((n, j) => {
      if (!(n - p > gaps.above && n - p <= gaps.upTo)) return;
      chosen++;
      if (!(p + margin - n > 0)) return;
      total += p + margin - n;
      above++;
      ofPositives[i]!++;
      ofNegatives[j]!++;
    });
  });
  return { chosen, total, above, ofPositives, ofNegatives };
}

describe("sums by gaps", () => {
  it("are those over each triplet", () =>
    fc.assert(
      fc.property(divergences, bounds, fc.integer({ min: 0, max: 4 }), ([p, n], gaps, margin) => {
        const sums = sumGaps(Float64Array.from(p), Float64Array.from(n), gaps, margin);
        const { ofPositives, ofNegatives, ...rest } = byTriplets(p, n, gaps, margin);
        expect(sums).toMatchObject(rest);
        expect([...sums.ofPositives]).toEqual(ofPositives);
        expect([...sums.ofNegatives]).toEqual(ofNegatives);
      }),
      { seed: 83, numRuns: 300 },
    ));

  it("count all that are chosen where there is no margin", () =>
    fc.assert(
      fc.property(divergences, bounds, ([p, n], gaps) => {
        const sums = sumGaps(Float64Array.from(p), Float64Array.from(n), gaps);
        const expected = byTriplets(p, n, gaps, 100);
        expect(sums.chosen).toBe(expected.chosen);
        expect([...sums.ofPositives]).toEqual(expected.ofPositives);
        expect([...sums.ofNegatives]).toEqual(expected.ofNegatives);
      }),
      { seed: 84, numRuns: 200 },
    ));

  it("leave out what is no number", () => {
    for (const { above, upTo } of [
      { above: Number.NEGATIVE_INFINITY, upTo: 9 },
      { above: -9, upTo: 9 },
    ]) {
      const gaps = { above, upTo };
      const sums = sumGaps(Float64Array.of(1, Number.NaN), Float64Array.of(Number.NaN, 2, 3), gaps, 5);
      expect(sums).toMatchObject({ chosen: 2, total: 7, above: 2 });
      expect([...sums.ofPositives, ...sums.ofNegatives]).toEqual([2, 0, 0, 1, 1]);
      const lost = Array.from({ length: 20 }, (_, at) => (at % 3 === 1 ? Number.NaN : 1));
      const sorted = sumGaps(
        Float64Array.from(lost),
        Float64Array.from(lost, (d) => d + 1),
        gaps,
        5,
      );
      expect(sorted).toMatchObject({ chosen: 13 * 13, total: 13 * 13 * 4, above: 13 * 13 });
      expect([...sorted.ofPositives]).toEqual(lost.map((d) => (Number.isNaN(d) ? 0 : 13)));
      expect([...sorted.ofNegatives]).toEqual(lost.map((d) => (Number.isNaN(d) ? 0 : 13)));
    }
  });
});
