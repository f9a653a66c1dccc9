import { Key } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceQuantile, medianOfDistances } from "./distance-quantile.js";
import { distance, distancesAfter, pairDistances, type Rows } from "./euclidean-rows.js";
import { hopCounts } from "./hop-counts.js";
import { type NeighbourGraph, neighbourGraph } from "./neighbour-graph.js";
import { type Numbers, orderStatistic } from "./order-statistic.js";

const rowsOf = (points: readonly (readonly number[])[]): Rows => ({
  n: points.length,
  width: points[0]?.length ?? 0,
  data: Float64Array.from(points.flat()),
});
const drawn = (seed: number, n: number, width: number): Rows => ({
  n,
  width,
  data: Float64Array.from(Key.fromSeed(seed).normal(n * width)),
});
const allDistances = (rows: Rows) =>
  Array.from({ length: rows.n ** 2 }, (_, at) => distance(rows, Math.floor(at / rows.n), at % rows.n));
const ascending = (a: number, b: number) => a - b;

describe("distances after a row", () => {
  it.each([1, 2, 3, 5, 9])("are those of the pairs, of %i rows", (n) => {
    const rows = drawn(3, n, 3);
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const count = distancesAfter(rows, i, out);
      const expected = Array.from({ length: n - i - 1 }, (_, k) =>
        Math.hypot(...[0, 1, 2].map((c) => rows.data[i * 3 + c]! - rows.data[(i + 1 + k) * 3 + c]!)),
      );
      expect([...out.subarray(0, count)].map((value) => value.toFixed(12))).toEqual(
        expected.map((value) => value.toFixed(12)),
      );
    }
  });
});

describe("an order statistic", () => {
  const numbersOf = (values: readonly number[], part: number): Numbers => ({
    count: values.length,
    *passes() {
      for (let at = 0; at < values.length; at += part) yield Float64Array.from(values.slice(at, at + part));
    },
  });

  it("is what sorting gives, however little is kept, whatever repeats, and however bad the sample", () =>
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 9, noNaN: true })), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.nat(),
        fc.integer({ min: 4, max: 12 }),
        fc.array(fc.double({ min: -5, max: 20, noNaN: true }), { maxLength: 30 }),
        (values, at, capacity, sample) => {
          const rank = at % values.length;
          const sorted = [...values].sort(ascending);
          const found = orderStatistic(numbersOf(values, 7), rank, { capacity, sample: Float64Array.from(sample) });
          // 0 and −0 are one number here.
          expect(found.value === sorted[rank]).toBe(true);
          expect(found.next === sorted[rank + 1]).toBe(true);
        },
      ),
      { seed: 11, numRuns: 2000 },
    ));

  it("takes few passes where the sample is fair", () => {
    const values = [...Key.fromSeed(5).uniform(20_000)];
    let passes = 0;
    const numbers: Numbers = {
      count: values.length,
      passes: () => {
        passes++;
        return [Float64Array.from(values)];
      },
    };
    const sample = Float64Array.from(values.filter((_, at) => at % 8 === 0));
    const { value } = orderStatistic(numbers, 1000, { sample, capacity: 4000 });
    expect([value, passes]).toEqual([[...values].sort(ascending)[1000], 1]);
  });
});

describe("quantiles of all distances", () => {
  it("interpolate between the two entries that they fall between", () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (points, quantile) => {
          const rows = rowsOf(points);
          const entries = allDistances(rows).sort(ascending);
          const position = quantile * (entries.length - 1);
          const low = entries[Math.floor(position)]!;
          const expected = low + ((entries[Math.floor(position) + 1] ?? low) - low) * (position % 1);
          expect(distanceQuantile(rows, quantile, { capacity: 8 })).toBeCloseTo(expected, 12);
        },
      ),
      { seed: 12, numRuns: 500 },
    ));

  it("are exact where pairs are drawn to find them", () => {
    const rows = drawn(8, 300, 2);
    const entries = allDistances(rows).sort(ascending);
    // 44,850 pairs do not fit, so that a sample is drawn.
    expect(distanceQuantile(rows, 0.5, { capacity: 5000 })).toBe((entries[44_999]! + entries[45_000]!) / 2);
  });

  it("have a median over pairs", () => {
    for (const n of [2, 3, 4, 9]) {
      const rows = drawn(n, n, 2);
      const pairs = [...pairDistances(rows)].flatMap((part) => [...part]);
      const kept = [...pairDistances(rows)].reduce((sum, { length }) => sum + length, 0);
      expect(kept).toBe((n * (n - 1)) / 2);
      const sorted = allDistances(rows)
        .filter((_, at) => Math.floor(at / n) < at % n)
        .sort(ascending);
      expect(pairs).toHaveLength(sorted.length);
      const middle = (sorted[(kept - 1) >> 1]! + sorted[kept >> 1]!) / 2;
      expect(medianOfDistances(rows)).toBeCloseTo(middle, 14);
    }
    expect(medianOfDistances(drawn(1, 1, 2))).toBe(0);
  });
});

describe("a neighbour graph", () => {
  it("joins rows nearer than the threshold, both ways and in order", () => {
    const { starts, neighbours } = neighbourGraph(rowsOf([[0], [3], [1], [2], [9]]), 2);
    const lists = Array.from({ length: 5 }, (_, i) => [...neighbours.subarray(starts[i]!, starts[i + 1]!)]);
    // 0 and 3 lie exactly 2 apart, which is not below.
    expect(lists).toEqual([[2], [3], [0, 3], [1, 2], []]);
  });
});

/** Fewest steps by Floyd and Warshall. */
function plainHops({ n, starts, neighbours }: NeighbourGraph): number[] {
  const steps = new Array<number>(n * n).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < n; i++) {
    steps[i * n + i] = 0;
    for (let at = starts[i]!; at < starts[i + 1]!; at++) steps[i * n + neighbours[at]!] = 1;
  }
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        steps[i * n + j] = Math.min(steps[i * n + j]!, steps[i * n + k]! + steps[k * n + j]!);
      }
    }
  }
  return steps.map((count) => Math.min(count, 2 * n));
}

describe("hop counts", () => {
  it.each([
    ["no edges", 0],
    ["many parts", 0.12],
    ["long paths", 0.2],
    ["a few steps", 0.8],
    ["everything joined", 100],
  ])("are the fewest steps, with %s", (_, threshold) => {
    // More rows than are searched from together, in two dimensions.
    const graph = neighbourGraph(drawn(21, 300, 2), threshold);
    const { hops } = hopCounts(graph);
    const expected = plainHops(graph);
    expect(hops.findIndex((count, at) => count !== expected[at])).toBe(-1);
  });

  it("count parts and single vertices", () => {
    const graph = neighbourGraph(rowsOf([[0], [0.5], [5], [9], [9.5], [10]]), 1);
    expect(hopCounts(graph)).toMatchObject({ components: 3, isolated: 1 });
    expect(hopCounts(neighbourGraph(rowsOf([[3]]), 1))).toMatchObject({ hops: Uint16Array.of(0), components: 1 });
  });
});
