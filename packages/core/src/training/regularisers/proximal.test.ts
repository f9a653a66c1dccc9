import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runFunction } from "../../checks/run-function.js";
import { type NdArray, ndarray } from "../../index.js";
import { groupLasso } from "./group-lasso.js";
import { hierarchicalLasso, hierarchicalProximal } from "./hierarchical-lasso.js";

const matrix = (rows: readonly (readonly number[])[]) =>
  ndarray("float64", [rows.length, rows[0]!.length], rows.flat());
const rowsOf = ({ shape, data }: NdArray) =>
  Array.from({ length: shape[0]! }, (_, row) => [...data.subarray(row * shape[1]!, (row + 1) * shape[1]!)]);
const norm = (x: readonly number[]) => Math.hypot(...x);
const squaredDistance = (x: readonly number[], y: readonly number[]) =>
  x.reduce((sum, value, at) => sum + (value - y[at]!) ** 2, 0);

/** Numbers whose squares are no subnormal ones, and 0 now and then. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -2, max: 2, noNaN: true }).map((x) => (Math.abs(x) < 1e-6 ? 0 : x)) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const rowsOfSize = (features: number, width: number) =>
  fc.array(fc.array(number, { minLength: width, maxLength: width }), { minLength: features, maxLength: features });
const nudges = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 40, maxLength: 40 });

const facts = (shapes: Record<string, number[]>) =>
  ({ model: { name: "m", inductive: true }, parameterShapes: () => shapes }) as never;

async function lasso(weights: readonly (readonly number[])[], t: number, groups?: number[][]) {
  const active = groupLasso.create(facts({ w: [weights.length, weights[0]!.length] }), {
    parameter: "w",
    ...(groups ? { groups } : {}),
  } as never);
  const [moved, penalty] = await runFunction(
    (w, step) => {
      const next = active.proximal!({ w: w! }, step!).w!;
      return [next, active.penalty!({ w: w! })];
    },
    [matrix(weights), ndarray("float64", [], [t])],
  );
  return { moved: rowsOf(moved!), penalty: penalty!.data[0]!, active };
}

describe("group lasso", () => {
  const partition = [[0, 2], [3]];
  const asGroups = (rows: readonly (readonly number[])[], groups: readonly (readonly number[])[]) =>
    groups.map((members) => members.flatMap((feature) => [...rows[feature]!]));

  it.each([
    ["features alone", undefined, [[0], [1], [2], [3]]],
    ["groups, and a feature outside of them", partition, [[0, 2], [3], [1]]],
  ])("minimises ½‖B − W‖² + t Σ‖B_g‖ for %s", async (_, given, groups) => {
    await fc.assert(
      fc.asyncProperty(rowsOfSize(4, 3), fc.double({ min: 0, max: 2, noNaN: true }), nudges, async (weights, t, by) => {
        const { moved, penalty } = await lasso(weights, t, given);
        const objective = (b: readonly (readonly number[])[]) =>
          0.5 * b.reduce((sum, row, j) => sum + squaredDistance(row, weights[j]!), 0) +
          t * asGroups(b, groups).reduce((sum, group) => sum + norm(group), 0);
        const least = objective(moved);
        // The objective is convex: what no small or large step improves is the minimum.
        for (const size of [1e-4, 1e-2, 0.3]) {
          for (let start = 0; start < 28; start += 4) {
            const other = moved.map((row, j) => row.map((value, k) => value + size * by[(start + 3 * j + k) % 40]!));
            expect(objective(other)).toBeGreaterThanOrEqual(least - 1e-12);
          }
        }
        for (const factor of [0, 0.5, 0.99, 1.01]) {
          for (const group of groups) {
            const other = moved.map((row, j) => (group.includes(j) ? row.map((value) => value * factor) : row));
            expect(objective(other)).toBeGreaterThanOrEqual(least - 1e-12);
          }
        }
        expect(penalty).toBeCloseTo(
          asGroups(weights, groups).reduce((sum, group) => sum + norm(group), 0),
          12,
        );
      }),
      { seed: 11, numRuns: 40 },
    );
  });

  it("leaves weights as they are for t = 0, keeps 0 at 0, and drops what is shorter than t", async () => {
    const weights = [
      [0.3, -0.4],
      [0, 0],
      [3, 4],
    ];
    expect((await lasso(weights, 0)).moved).toEqual(weights);
    const { moved, active } = await lasso(weights, 1);
    expect(moved.slice(0, 2).flat().map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect(moved[2]![0]).toBeCloseTo(2.4, 14);
    expect(moved[2]![1]).toBeCloseTo(3.2, 14);
    expect(active.selected!({ w: matrix(moved) })).toEqual([2]);
  });
});

describe("hierarchical lasso", () => {
  const apply = async (v: number[][], u: number[][], t: number, hierarchy: number) => {
    const [skip, hidden] = await runFunction(
      (a, b, step) => {
        const moved = hierarchicalProximal(a!, b!, step!, hierarchy);
        return [moved.skip, moved.hidden];
      },
      [matrix(v), matrix(u), ndarray("float64", [], [t])],
    );
    return { skip: rowsOf(skip!), hidden: rowsOf(hidden!) };
  };

  it("minimises ½‖b − v‖² + ½‖θ − u‖² + t‖b‖ subject to ‖θ‖_∞ ≤ M‖b‖", async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsOfSize(3, 2),
        rowsOfSize(3, 5),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.constantFrom(0.1, 1, 10),
        nudges,
        async (v, u, t, hierarchy, by) => {
          const { skip, hidden } = await apply(v, u, t, hierarchy);
          v.forEach((own, j) => {
            if (norm(own) === 0) return;
            const value = (b: readonly number[], theta: readonly number[]) =>
              0.5 * squaredDistance(b, own) + 0.5 * squaredDistance(theta, u[j]!) + t * norm(b);
            const bound = (length: number) =>
              u[j]!.map((x) => Math.sign(x) * Math.min(Math.abs(x), hierarchy * length));
            const found = value(skip[j]!, hidden[j]!);
            expect(Math.max(...hidden[j]!.map(Math.abs))).toBeLessThanOrEqual(hierarchy * norm(skip[j]!) + 1e-12);
            // Brute force: every length of b along v, θ the nearest that the bound allows; then b in other directions.
            const longest = norm(own) + hierarchy * 10;
            for (let step = 0; step <= 400; step++) {
              const length = longest * (step / 400) ** 3;
              const b = own.map((x) => (x / norm(own)) * length);
              expect(value(b, bound(length))).toBeGreaterThanOrEqual(found - 1e-10);
            }
            for (let at = 0; at < 36; at++) {
              const b = skip[j]!.map((x, k) => x + [1e-3, 0.1, 1][at % 3]! * by[at + k]!);
              expect(value(b, bound(norm(b)))).toBeGreaterThanOrEqual(found - 1e-10);
            }
          });
        },
      ),
      { seed: 12, numRuns: 40 },
    );
  });

  it("is (0, 0) where v is 0, whatever u is, and never NaN", async () => {
    const { skip, hidden } = await apply(
      [
        [0, 0],
        [1, 0],
      ],
      [
        [5, -3],
        [0.5, 20],
      ],
      0.1,
      10,
    );
    expect([...skip[0]!, ...hidden[0]!].map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect([...skip[1]!, ...hidden[1]!].every(Number.isFinite)).toBe(true);
  });

  it("changes nothing for t = 0 within the bound, and drops a feature whole when t is large", async () => {
    const [v, u] = [[[0.3, 0.4]], [[4.9, -1, 0]]];
    const same = await apply(v, u, 0, 10);
    same.skip[0]!.forEach((value, k) => expect(value).toBeCloseTo(v[0]![k]!, 14));
    expect(same.hidden).toEqual(u);
    const dropped = await apply(v, u, 100, 10);
    expect([...dropped.skip[0]!, ...dropped.hidden[0]!].every((value) => value === 0)).toBe(true);
    const active = hierarchicalLasso.create(facts({ s: [2, 2], h: [2, 3] }), { skip: "s", hidden: "h", hierarchy: 10 });
    expect(
      active.selected!({
        s: matrix([
          [0, 0],
          [0, 1],
        ]),
        h: matrix([
          [0, 0, 0],
          [0, 0, 0],
        ]),
      }),
    ).toEqual([1]);
  });
});
