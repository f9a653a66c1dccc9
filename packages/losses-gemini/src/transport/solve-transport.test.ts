import { Key } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bruteForceTransport } from "../../test/brute-force-transport.js";
import { requireTransportProof } from "../../test/require-transport-proof.js";
import { solveTransport, type TransportOptions } from "./solve-transport.js";

const seed = 20_251_125;
const flat = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat());
const normalised = (masses: ArrayLike<number>) => {
  const total = Array.from(masses).reduce((sum, mass) => sum + mass, 0);
  return Array.from(masses, (mass) => mass / total);
};

/** Masses with many ties and zeros, or none. */
const masses = (size: number) =>
  fc
    .oneof(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: size, maxLength: size }),
      fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: size, maxLength: size }),
    )
    .filter((drawn) => drawn.some((mass) => mass > 0))
    .map(normalised);
const costs = (n: number, m: number) =>
  fc.oneof(
    fc.array(fc.array(fc.integer({ min: -2, max: 3 }), { minLength: m, maxLength: m }), { minLength: n, maxLength: n }),
    fc.array(fc.array(fc.double({ min: -1, max: 5, noNaN: true }), { minLength: m, maxLength: m }), {
      minLength: n,
      maxLength: n,
    }),
  );
const problem = (largest: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: largest }), fc.integer({ min: 1, max: largest }))
    .chain(([n, m]) => fc.record({ first: masses(n), second: masses(m), cost: costs(n, m) }));

/** Points on a grid, so that distances tie and points repeat. */
const onGrid = (size: number) =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), {
    minLength: size,
    maxLength: size,
  });
const distances = (points: readonly (readonly [number, number])[], power = 1) =>
  flat(points.map(([x, y]) => points.map(([u, v]) => Math.hypot(x - u, y - v) ** power)));

describe("solveTransport", () => {
  it("finds what trying every basis finds, with a proof", () => {
    fc.assert(
      fc.property(
        problem(4).filter(({ first, second }) => first.length * second.length <= 12),
        (drawn) => {
          const cost = flat(drawn.cost);
          const solution = solveTransport(drawn.first, drawn.second, cost);
          expect(solution.value).toBeCloseTo(bruteForceTransport(drawn.first, drawn.second, drawn.cost), 11);
          requireTransportProof(drawn.first, drawn.second, cost, solution);
        },
      ),
      { seed, numRuns: 150 },
    );
  });

  it("proves its optimum on tied, degenerate and rectangular problems", () => {
    fc.assert(
      fc.property(problem(24), ({ first, second, cost }) => {
        requireTransportProof(first, second, flat(cost), solveTransport(first, second, flat(cost)));
      }),
      { seed, numRuns: 300 },
    );
  });

  it.each([1, 2])("proves its optimum between points of a grid, distances to the power %d", (power) => {
    const drawn = fc
      .integer({ min: 1, max: 20 })
      .chain((size) => fc.record({ points: onGrid(size), first: masses(size), second: masses(size) }));
    fc.assert(
      fc.property(drawn, ({ points, first, second }) => {
        const cost = distances(points, power);
        const solution = solveTransport(first, second, cost);
        requireTransportProof(first, second, cost, solution);
        // Whatever it is told about the costs, and wherever it starts, the optimum is the optimum.
        for (const options of [
          { metric: true },
          { metric: false },
          { warmStart: solution.plan },
        ] as TransportOptions[]) {
          const again = solveTransport(first, second, cost, options);
          requireTransportProof(first, second, cost, again);
          expect(again.value).toBeCloseTo(solution.value, 12);
        }
      }),
      { seed, numRuns: 150 },
    );
  });

  it("is a metric between distributions where the costs are", () => {
    const drawn = fc
      .integer({ min: 1, max: 12 })
      .chain((size) => fc.record({ points: onGrid(size), a: masses(size), b: masses(size), c: masses(size) }));
    fc.assert(
      fc.property(drawn, ({ points, a, b, c }) => {
        const cost = distances(points);
        const between = (p: readonly number[], q: readonly number[]) => solveTransport(p, q, cost).value;
        expect(between(a, a)).toBe(0);
        expect(between(a, b)).toBeGreaterThanOrEqual(0);
        expect(between(a, b)).toBeCloseTo(between(b, a), 12);
        expect(between(a, c)).toBeLessThanOrEqual(between(a, b) + between(b, c) + 1e-12);
      }),
      { seed, numRuns: 100 },
    );
  });

  it("is total variation for the 0/1 metric, scales with costs and masses, and does not see the order of atoms", () => {
    const drawn = fc
      .integer({ min: 1, max: 16 })
      .chain((size) =>
        fc.record({ a: masses(size), b: masses(size), points: onGrid(size), factor: fc.integer({ min: 2, max: 9 }) }),
      );
    fc.assert(
      fc.property(drawn, ({ a, b, points, factor }) => {
        const size = a.length;
        const apart = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 0 : 1));
        const half = a.reduce((total, mass, i) => total + Math.abs(mass - b[i]!) / 2, 0);
        expect(solveTransport(a, b, apart).value).toBeCloseTo(half, 12);
        const cost = distances(points);
        const { value } = solveTransport(a, b, cost);
        expect(
          solveTransport(
            a,
            b,
            cost.map((each) => each * factor),
          ).value,
        ).toBeCloseTo(value * factor, 11);
        const more = [a, b].map((side) => side.map((mass) => mass * factor)) as [number[], number[]];
        expect(solveTransport(...more, cost).value).toBeCloseTo(value * factor, 11);
        const order = Array.from(Key.fromSeed(size).permutation(size));
        const turned = [a, b].map((side) => order.map((i) => side[i]!)) as [number[], number[]];
        expect(solveTransport(...turned, distances(order.map((i) => points[i]!))).value).toBeCloseTo(value, 12);
      }),
      { seed, numRuns: 100 },
    );
  });

  it("gives the slope of the value by the masses, also of atoms that hold nothing", () => {
    const key = Key.fromSeed(11);
    const cost = key.fold("cost").uniform(36);
    const first = normalised(key.fold("first").uniform(6)).map((mass, i) => (i === 2 ? 0 : mass));
    const [a, b] = [normalised(first), normalised(key.fold("second").uniform(6))];
    const { firstPotentials: f } = solveTransport(a, b, cost);
    const value = (masses: readonly number[]) => solveTransport(masses, b, cost).value;
    for (const [to, from] of [
      [2, 0],
      [4, 1],
      [2, 5],
    ] as const) {
      const moved = a.map((mass, i) => mass + (i === to ? 1e-6 : i === from ? -1e-6 : 0));
      expect((value(moved) - value(a)) / 1e-6).toBeCloseTo(f[to]! - f[from]!, 7);
    }
  });

  it("starts again from an earlier plan after a small change, and ends in the same place", () => {
    const key = Key.fromSeed(5);
    const size = 60;
    const at = key.fold("points").normal(2 * size);
    const cost = Float64Array.from({ length: size * size }, (_, arc) => {
      const [i, j] = [Math.floor(arc / size), arc % size];
      return (at[2 * i]! - at[2 * j]!) ** 2 + (at[2 * i + 1]! - at[2 * j + 1]!) ** 2;
    });
    const weights = key.fold("weights").uniform(size);
    const second = new Float64Array(size).fill(1 / size);
    const before = solveTransport(normalised(weights), second, cost);
    const after = normalised(weights.map((weight, i) => weight * (1 + 1e-3 * Math.sin(i))));
    const cold = solveTransport(after, second, cost);
    const warm = solveTransport(after, second, cost, { warmStart: before.plan });
    expect(warm.pivots).toBeLessThan(cold.pivots / 4);
    expect(warm.value).toBe(cold.value);
    expect(warm.firstPotentials).toEqual(cold.firstPotentials);
  });

  it("solves 2 000 atoms a side, all weights and costs tied", { timeout: 60_000 }, () => {
    const size = 2000;
    const uniform = new Float64Array(size).fill(1 / size);
    const { value } = solveTransport(uniform, uniform, new Float64Array(size * size).fill(3));
    expect(value).toBeCloseTo(3, 12);
  });

  it("keeps masses of very different sizes", () => {
    const first = [1e-12, 1 - 1e-12 - 1e-30, 1e-30];
    const second = [0.5, 0.5];
    const cost = flat([
      [0, 10],
      [1, 2],
      [7, 0],
    ]);
    const solution = solveTransport(first, second, cost);
    requireTransportProof(first, second, cost, solution);
    expect(solution.value).toBeCloseTo(0.5 * 2 + 0.5 - 1e-12, 14);
  });

  it.each<[string, () => unknown, string]>([
    ["a negative mass", () => solveTransport([1.5, -0.5], [1], Float64Array.of(1, 2)), "TRANSPORT_MASSES"],
    ["a mass that is NaN", () => solveTransport([Number.NaN], [1], Float64Array.of(1)), "TRANSPORT_MASSES"],
    ["no mass at all", () => solveTransport([0], [0], Float64Array.of(1)), "TRANSPORT_MASSES"],
    ["sums that differ", () => solveTransport([1], [0.9], Float64Array.of(1)), "TRANSPORT_MASSES"],
    ["a cost that is NaN", () => solveTransport([1], [1], Float64Array.of(Number.NaN)), "TRANSPORT_COST"],
    ["an infinite cost", () => solveTransport([1], [1], Float64Array.of(Number.POSITIVE_INFINITY)), "TRANSPORT_COST"],
    ["costs that do not fit", () => solveTransport([1], [1], Float64Array.of(1, 2)), "TRANSPORT_SHAPE"],
    ["no atoms", () => solveTransport([], [], new Float64Array(0)), "TRANSPORT_SHAPE"],
    [
      "too many pivots",
      () =>
        solveTransport([0.5, 0.5], [0.5, 0.5], Float64Array.of(5, 4, 3, 1), {
          pivotLimit: 0,
          warmStart: { rows: Int32Array.of(0, 1, 0), columns: Int32Array.of(1, 0, 0) },
        }),
      "TRANSPORT_PIVOT_LIMIT",
    ],
  ])("refuses %s", (_, solve, code) => {
    expect(solve).toThrow(expect.objectContaining({ code, where: "optimal transport", fix: expect.any(String) }));
  });

  it("counts sums that differ by rounding as equal", () => {
    const { value } = solveTransport([0.1, 0.2], [0.3], Float64Array.of(1, 4));
    expect(value).toBeCloseTo(0.9, 15);
  });
});
