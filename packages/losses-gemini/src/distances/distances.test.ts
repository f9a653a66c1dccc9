import { evaluateDistance, evaluateKernel, Key, ndarray, pairwiseDistances, referenceBackend } from "@semblance/core";
import { runFunction } from "@semblance/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue, draw, distance as largestDifference, matrix, type Rows, rowsOf } from "../../test/score.js";
import { hop, MOST_HOP_ROWS } from "./hop.js";
import { zeroDiagonal } from "./zero-diagonal.js";

/** δ of two rows in plain numbers, sharing no code with the distances. */
const plain: Record<string, (x: readonly number[], y: readonly number[]) => number> = {
  chebyshev: (x, y) => Math.max(...differences(x, y)),
  cosine: (x, y) => 1 - dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)),
  euclidean: (x, y) => Math.hypot(...differences(x, y)),
  manhattan: (x, y) => differences(x, y).reduce((total, each) => total + each, 0),
  "squared-euclidean": (x, y) => differences(x, y).reduce((total, each) => total + each ** 2, 0),
};
const dot = (x: readonly number[], y: readonly number[]) => x.reduce((total, value, c) => total + value * y[c]!, 0);
const differences = (x: readonly number[], y: readonly number[]) => x.map((value, c) => Math.abs(value - y[c]!));

const backend = referenceBackend();
const matrixOf = async (distance: string | { name: string; quantile: number }, rows: Rows) =>
  rowsOf(await evaluateDistance({ catalogue, backend, distance, data: matrix(rows) }));
const between = async (name: string, x: Rows, y: Rows) => {
  const { entry, config } = catalogue.choose("distance", name);
  return rowsOf((await runFunction((a, b) => entry.matrix!(a, b!, config), [matrix(x), matrix(y)]))[0]!);
};

it("every registered distance is tested", () => {
  const others = ["hop", "precomputed"];
  expect(catalogue.list("distance").map(({ name }) => name)).toEqual([...Object.keys(plain), ...others].sort());
});

describe.each(Object.entries(plain))("%s", (name, delta) => {
  const sizes = fc.record({
    seed: fc.nat(1_000_000),
    n: fc.integer({ min: 1, max: 7 }),
    k: fc.constant(1),
    d: fc.integer({ min: 1, max: 5 }),
  });

  it("is its formula, within a set and between two", () =>
    fc.assert(
      fc.asyncProperty(sizes, async (drawn) => {
        const x = draw(drawn).data;
        const y = draw({ ...drawn, seed: drawn.seed + 1, n: 3 }).data;
        const formula = (a: Rows, b: Rows) => a.map((row) => b.map((other) => delta(row, other)));
        expect(largestDifference(await matrixOf(name, x), formula(x, x))).toBeLessThan(1e-7);
        expect(largestDifference(await between(name, x, y), formula(x, y))).toBeLessThan(1e-7);
      }),
      { seed: 41, numRuns: 20 },
    ));

  it("has zeros on its diagonal in float32, far from the origin and wide", async () => {
    const numbers = Key.fromSeed(2).normal(70 * 1024);
    const data = ndarray(
      "float32",
      [70, 1024],
      numbers.map((value) => 100 + value),
    );
    const { entry, config } = catalogue.choose("distance", name);
    const [distances] = await runFunction((x) => entry.matrix!(x, x, config), [data]);
    expect(rowsOf(distances!).map((row, i) => row[i])).toEqual(new Array(70).fill(0));
    expect(distances!.data.every((value) => value >= 0)).toBe(true);
  });
});

it("zeroDiagonal is needed where products stand for differences", async () => {
  const data = ndarray(
    "float32",
    [20, 8],
    Key.fromSeed(2)
      .normal(160)
      .map((value) => 100 + value),
  );
  const [raw, zeroed] = await runFunction(
    (x) => [pairwiseDistances(x, x, "gram"), zeroDiagonal(pairwiseDistances(x, x, "gram"))],
    [data],
  );
  expect(raw!.data.some((value, at) => at % 21 === 0 && value > 0)).toBe(true);
  expect(zeroed!.data.filter((value, at) => at % 21 === 0 && value !== 0)).toHaveLength(0);
});

describe("hop", () => {
  const tableOf = async (points: Rows, quantile: number) => await hop.table!(matrix(points), { quantile });

  it("counts the steps of the specification's six points", async () => {
    const points = [[0], [0.9], [1.9], [3], [10], [10.8]];
    const hops = await matrixOf({ name: "hop", quantile: 0.4 }, points);
    expect([hops[0]![3], hops[4]![5], hops[0]![4]]).toEqual([3, 1, 12]);
    expect((await tableOf(points, 0.4)).warnings).toEqual([
      'the neighbour graph of the distance "hop" has 2 separate parts: rows of different parts are 12 hops (2N) apart. A larger quantile joins parts; parts that are clusters may stay.',
    ]);
  });

  it("says how many rows are alone", async () => {
    const { data, warnings } = await tableOf([[0], [1], [5]], 0);
    expect([...data]).toEqual([0, 6, 6, 6, 0, 6, 6, 6, 0]);
    expect(warnings![0]).toContain("3 separate parts, 3 of them single rows");
  });

  it("refuses a graph in parts where it is to be connected", async () => {
    const points = matrix([[0], [0.9], [1.9], [3], [10], [10.8]]);
    await expect(async () => await hop.table!(points, { quantile: 0.4, connected: true })).rejects.toMatchObject({
      code: "GRAPH_DISCONNECTED",
      message:
        'the neighbour graph of the distance "hop" has 2 separate parts: rows of different parts are 12 hops (2N) apart.',
    });
    const { data } = await tableOf([[0], [1], [2]], 1);
    expect((await hop.table!(matrix([[0], [1], [2]]), { quantile: 1, connected: true })).data).toEqual(data);
  });

  it("tells training that nothing is to be learned where no two rows are neighbours", async () => {
    expect((await tableOf([[0], [1], [5]], 0)).unusable).toMatchObject({ code: "GRAPH_WITHOUT_EDGES" });
    expect((await tableOf([[0], [1], [5]], 0.6)).unusable).toBeUndefined();
  });

  it("says nothing where all are joined, and takes one row", async () => {
    expect((await tableOf([[0], [1], [2]], 1)).warnings).toBeUndefined();
    expect(await tableOf([[4, 4]], 0.1)).toEqual({ shape: [1, 1], data: Uint16Array.of(0) });
  });

  it("does not see a shift, a turn or a scaling", async () => {
    const points = draw({ seed: 6, n: 40, k: 1, d: 2 }).data;
    const moved = points.map(([x, y]) => [2 * (0.6 * x! - 0.8 * y!) + 7, 2 * (0.8 * x! + 0.6 * y!) - 3]);
    expect((await tableOf(moved, 0.12)).data).toEqual((await tableOf(points, 0.12)).data);
  });

  it("is refused where its counts would not fit, naming the limit", async () => {
    const rows = MOST_HOP_ROWS + 1;
    const many = { shape: [rows, 1], data: new Float32Array(rows) };
    await expect(evaluateDistance({ catalogue, backend, distance: "hop", data: many })).rejects.toMatchObject({
      code: "TOO_MANY_ROWS",
      message: expect.stringContaining("at most 32767"),
    });
    expect(() => catalogue.choose("distance", { name: "hop", quantile: 1.5 })).toThrowError(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });
});

describe("a matrix that is given", () => {
  const square = (...data: number[]) => ({ shape: [2, 2], data });
  it.each([
    ["distance", "not symmetric", square(0, 1, 2, 0), "AFFINITY_ASYMMETRIC"],
    ["distance", "negative", square(0, -1, -1, 0), "AFFINITY_NEGATIVE"],
    ["distance", "no square", { shape: [1, 2], data: [0, 1] }, "AFFINITY_NOT_SQUARE"],
    ["kernel", "not symmetric", square(1, 0, 2, 1), "AFFINITY_ASYMMETRIC"],
  ])("is refused as a %s that is %s", async (kind, _, data, code) => {
    const evaluated =
      kind === "kernel"
        ? evaluateKernel({ catalogue, backend, kernel: "precomputed", data })
        : evaluateDistance({ catalogue, backend, distance: "precomputed", data });
    await expect(evaluated).rejects.toMatchObject({ code });
  });

  it("may be negative as a kernel", async () => {
    const data = square(1, -0.5, -0.5, 1);
    expect((await evaluateKernel({ catalogue, backend, kernel: "precomputed", data })).data).toEqual(
      Float64Array.from(data.data),
    );
  });
});
