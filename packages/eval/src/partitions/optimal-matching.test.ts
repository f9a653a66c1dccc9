import { Key } from "@semblance/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { contingency } from "./contingency.js";
import { matchedRows, optimalMatching } from "./optimal-matching.js";

/** The best of all injective matchings, by trying them. */
function byEnumeration(table: number[][]): number {
  const place = (cluster: number, taken: number): number => {
    if (cluster === table[0]!.length) return 0;
    let best = place(cluster + 1, taken);
    for (let i = 0; i < table.length; i++) {
      if (taken & (1 << i)) continue;
      best = Math.max(best, table[i]![cluster]! + place(cluster + 1, taken | (1 << i)));
    }
    return best;
  };
  return place(0, 0);
}

const rectangles = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([classes, clusters]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: clusters, maxLength: clusters }), {
      minLength: classes,
      maxLength: classes,
    }),
  );

it("finds what enumeration finds, on tables of every shape", () => {
  fc.assert(
    fc.property(rectangles, (table) => {
      const truth: number[] = [];
      const predicted: number[] = [];
      table.forEach((row, i) =>
        row.forEach((count, j) => {
          for (let repeat = 0; repeat < count; repeat++) {
            truth.push(i);
            predicted.push(j);
          }
        }),
      );
      fc.pre(truth.length > 0);
      const overlap = contingency(truth, predicted);
      const matching = optimalMatching(overlap);
      const used = [...matching].filter((classIndex) => classIndex >= 0);
      expect(new Set(used).size).toBe(used.length);
      expect(matchedRows(overlap, matching)).toBe(byEnumeration(table));
    }),
    { seed: 11, numRuns: 400 },
  );
});

it("beats greedy matching where that is wrong", () => {
  // Greedy takes the 3 first and is left with 0; the optimum is 2 + 2.
  const truth = [0, 0, 0, 0, 0, 1, 1];
  const predicted = [0, 0, 0, 1, 1, 0, 0];
  const table = contingency(truth, predicted);
  expect(matchedRows(table, optimalMatching(table))).toBe(4);
});

it("matches 200 clusters to 200 classes within a second", () => {
  const stream = Key.fromSeed(3).stream();
  const truth = Array.from({ length: 20_000 }, () => stream.integer(200));
  const predicted = truth.map((label) => (stream.uniform() < 0.6 ? (label * 7) % 200 : stream.integer(200)));
  const table = contingency(truth, predicted);
  const start = performance.now();
  const covered = matchedRows(table, optimalMatching(table));
  expect(performance.now() - start).toBeLessThan(1000);
  expect(covered).toBeGreaterThan(0.59 * truth.length);
});

it("refuses a matching that would take minutes", () => {
  const rows = Int32Array.from({ length: 3000 }, (_, row) => row);
  expect(() => optimalMatching(contingency(rows, rows))).toThrow(
    expect.objectContaining({ code: "MATCHING_TOO_LARGE", message: expect.stringContaining("3000 clusters") }),
  );
});
