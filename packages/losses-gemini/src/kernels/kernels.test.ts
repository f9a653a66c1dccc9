import { abs, ndarray, referenceBackend, reshape, spec, sub, sum, type Tensor, trace } from "@semblance/core";
import { runOnce } from "@semblance/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue, distance, draw, kernelMatrix, matrix, type Rows, rowsOf } from "../../test/score.js";
import { byRowBlocks } from "./row-blocks.js";
import { settleMedian } from "./settle-median.js";

/** κ of two rows in plain numbers, sharing no code with the kernels. Each registered kernel must be here, or be an input. */
const plain: Record<string, (x: readonly number[], y: readonly number[]) => number> = {
  "additive-chi2": (x, y) => -chi2Of(x, y),
  chi2: (x, y) => Math.exp(-chi2Of(x, y)),
  cosine: (x, y) => dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)),
  gaussian: (x, y) => Math.exp(-squared(x, y) / 2),
  laplacian: (x, y) => Math.exp(-x.reduce((total, value, c) => total + Math.abs(value - y[c]!), 0) / x.length),
  linear: (x, y) => dot(x, y),
  polynomial: (x, y) => (dot(x, y) / x.length + 1) ** 3,
  rbf: (x, y) => Math.exp(-squared(x, y) / x.length),
  sigmoid: (x, y) => Math.tanh(dot(x, y) / x.length + 1),
};
const dot = (x: readonly number[], y: readonly number[]) => x.reduce((total, value, c) => total + value * y[c]!, 0);
const squared = (x: readonly number[], y: readonly number[]) =>
  x.reduce((total, value, c) => total + (value - y[c]!) ** 2, 0);
const chi2Of = (x: readonly number[], y: readonly number[]) =>
  x.reduce((total, value, c) => total + (value + y[c]! > 0 ? (value - y[c]!) ** 2 / (value + y[c]!) : 0), 0);

const sizes = fc.record({
  seed: fc.nat(1_000_000),
  n: fc.integer({ min: 1, max: 7 }),
  k: fc.constant(1),
  d: fc.integer({ min: 1, max: 5 }),
});
const always = (law: (data: number[][], more: number[][]) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(sizes, (drawn) => law(draw(drawn).data, draw({ ...drawn, seed: drawn.seed + 1, n: 3 }).data)),
    { seed: 37, numRuns: 20 },
  );

it("every registered kernel is tested", () => {
  expect(catalogue.list("kernel").map(({ name }) => name)).toEqual([...Object.keys(plain), "precomputed"].sort());
});

describe.each(Object.entries(plain))("%s", (name, kappa) => {
  it("is its formula, within a set and between two", () =>
    always(async (data, more) => {
      const formula = (x: Rows, y: Rows) => x.map((a) => y.map((b) => kappa(a, b)));
      expect(distance(await kernelMatrix(name, data), formula(data, data))).toBeLessThan(1e-10);
      expect(distance(await kernelMatrix(name, data, more), formula(data, more))).toBeLessThan(1e-10);
    }));

  it("is finite for equal rows and rows of 0", async () => {
    const data = [
      [0, 0],
      [0, 0],
      [2, 1],
      [2, 1],
    ];
    const matrix = await kernelMatrix(name, data);
    expect(matrix.flat().every(Number.isFinite)).toBe(true);
    expect(matrix[2]).toEqual(matrix[3]);
  });

  it("has the inner products of its features, where it has features", async () => {
    const { entry, config } = catalogue.choose("kernel", name);
    if (!entry.features) return expect(["cosine", "linear"]).not.toContain(name);
    const { data } = draw({ seed: 7, n: 5, k: 1, d: 3 });
    const program = trace({
      name,
      inputs: { x: spec("float64", [5, 3]) },
      build: ({ x }) => ({ outputs: { features: entry.features!(x, config) } }),
    });
    const x = ndarray("float64", [5, 3], data.flat());
    const features = rowsOf((await runOnce(referenceBackend(), program, { x })).features!);
    const products = features.map((a) => features.map((b) => dot(a, b)));
    expect(distance(await kernelMatrix(name, data), products)).toBeLessThan(1e-12);
  });
});

describe("rbf with the median", () => {
  const rbf = { name: "rbf", gamma: "median" };
  const settled = (data: Rows, gamma: unknown = "median") => {
    const { entry } = catalogue.choose("kernel", "rbf");
    return entry.settle!(matrix(data), { gamma }) as { config: { gamma: number }; note?: string };
  };

  it("is settled once for a data set, as a number", async () => {
    const { data } = draw({ seed: 12, n: 9, k: 1, d: 3 });
    const { config, note } = settled(data);
    const fixed = await kernelMatrix({ name: "rbf", gamma: config.gamma }, data);
    expect(distance(fixed, await kernelMatrix(rbf, data))).toBeLessThan(1e-12);
    expect(settled([[0], [4]])).toEqual({
      config: { gamma: 1 / 32 },
      note: 'kernel "rbf": gamma is 0.03125, from the median distance 4 of all rows',
    });
    expect(note).toContain("all rows");
    expect(settled(data, 0.3)).toEqual({ config: { gamma: 0.3 } });
    expect(settled([[1]])).toEqual({ config: { gamma: "median" } });
  });

  it("is settled as its limit where most rows coincide", async () => {
    const data = [[2], [2], [2], [2], [5]];
    const { config } = settled(data);
    const fixed = await kernelMatrix({ name: "rbf", gamma: config.gamma }, data);
    expect(fixed).toEqual(await kernelMatrix(rbf, data));
  });

  it("is settled by drawn rows where all pairs would take too long", () => {
    const { data } = draw({ seed: 13, n: 400, k: 1, d: 2 });
    const whole = settleMedian(matrix(data));
    const part = settleMedian(matrix(data), 20_000);
    expect([whole.rows, part.rows]).toEqual([400, 141]);
    expect(Math.abs(part.median / whole.median - 1)).toBeLessThan(0.1);
    expect(settleMedian(matrix(data), 20_000)).toEqual(part);
  });

  it.each([
    ["an odd number of distances", [[0], [1], [3]], 2],
    ["an even number", [[0], [1], [3], [7]], 3.5],
    ["two rows", [[0], [5]], 5],
  ])("takes the middle of %s", async (_, data, median) => {
    const expected = data.map(([x]) => data.map(([y]) => Math.exp(-((x! - y!) ** 2) / (2 * median ** 2))));
    expect(distance(await kernelMatrix(rbf, data), expected)).toBeLessThan(1e-12);
  });

  it("is symmetric between two sets", async () => {
    const [x, y] = [draw({ seed: 1, n: 4, k: 1, d: 2 }).data, draw({ seed: 2, n: 3, k: 1, d: 2 }).data];
    const forth = await kernelMatrix(rbf, x, y);
    const back = await kernelMatrix(rbf, y, x);
    expect(
      distance(
        forth,
        forth.map((row, i) => row.map((_, j) => back[j]![i]!)),
      ),
    ).toBeLessThan(1e-12);
  });

  it("has a limit where most rows coincide, and one for a single row", async () => {
    const data = [[2], [2], [2], [2], [5]];
    const equalRows = data.map(([x]) => data.map(([y]) => (x === y ? 1 : 0)));
    expect(await kernelMatrix(rbf, data)).toEqual(equalRows);
    expect(await kernelMatrix(rbf, [[4, 5]])).toEqual([[1]]);
  });
});

it("a configured gamma and bandwidth agree: γ = 1/(2σ²)", async () => {
  const { data } = draw({ seed: 3, n: 5, k: 1, d: 3 });
  const rbf = await kernelMatrix({ name: "rbf", gamma: 1 / (2 * 0.7 ** 2) }, data);
  expect(distance(rbf, await kernelMatrix({ name: "gaussian", bandwidth: 0.7 }, data))).toBeLessThan(1e-14);
});

it.each(["chi2", "additive-chi2"])("%s gives finite numbers for negative data", async (name) => {
  const matrix = await kernelMatrix(name, [
    [-1, 2],
    [1, -2],
    [-3, -4],
    [0, 0],
  ]);
  expect(matrix.flat().every(Number.isFinite)).toBe(true);
});

it.each([
  [{ name: "rbf", gamma: 0 }],
  [{ name: "rbf", gamma: "mean" }],
  [{ name: "gaussian", bandwidth: -1 }],
  [{ name: "polynomial", degree: 0.5 }],
  [{ name: "polynomial", degree: 0 }],
  [{ name: "laplacian", gamma: Number.NaN }],
  [{ name: "chi2", gamma: Number.POSITIVE_INFINITY }],
])("%j is refused", (reference) => {
  expect(() => catalogue.choose("kernel", reference)).toThrowError(expect.objectContaining({ code: "CONFIG_INVALID" }));
});

it.each([1, 10, 12, 1000])("blocks of rows give the whole matrix, at %i elements a block", async (elements) => {
  const compare = (x: Tensor, y: Tensor) =>
    sum(abs(sub(reshape(x, [x.shape[0]!, 1, 2]), reshape(y, [1, y.shape[0]!, 2]))), { axes: [2] });
  const program = trace({
    name: "blocks",
    inputs: { x: spec("float64", [5, 2]), y: spec("float64", [3, 2]) },
    build: ({ x, y }) => ({ outputs: { whole: compare(x, y), blocks: byRowBlocks(x, y, compare, elements) } }),
  });
  const x = ndarray("float64", [5, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const y = ndarray("float64", [3, 2], [0, 1, 0, 5, 2, 2]);
  const { whole, blocks } = await runOnce(referenceBackend(), program, { x, y });
  expect(blocks).toEqual(whole);
});
