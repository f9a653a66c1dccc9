import { Key, ndarray } from "@semblance/core";
import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { principalComponents } from "./principal-components.js";

/** Eigenvalues of the covariance, by the library, as shares of their sum. */
function sharesByDecomposition(values: ArrayLike<number>, rows: number, columns: number): number[] {
  const x = Matrix.from1DArray(rows, columns, Array.from(values)).center("column");
  const eigenvalues = new EigenvalueDecomposition(x.transpose().mmul(x), { assumeSymmetric: true }).realEigenvalues;
  const total = eigenvalues.reduce((a, b) => a + b, 0);
  return eigenvalues.map((value) => value / total).sort((a, b) => b - a);
}

const matrices = fc
  .tuple(fc.integer({ min: 2, max: 15 }), fc.integer({ min: 2, max: 12 }), fc.nat(10_000))
  .map(([rows, columns, seed]) => ({ rows, columns, values: Key.fromSeed(seed).normal(rows * columns) }));

describe("principal components", () => {
  it("explain what a full decomposition explains, for tall and for wide data", () => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, values }) => {
        const { explainedVariance } = principalComponents(ndarray("float64", [rows, columns], values));
        const shares = sharesByDecomposition(values, rows, columns);
        explainedVariance.forEach((share, i) => expect(share).toBeCloseTo(Math.max(0, shares[i]!), 9));
      }),
      { seed: 61 },
    );
  });

  it("are orthonormal, with scores that are the centred rows along them", () => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, values }) => {
        const { scores, components, mean } = principalComponents(ndarray("float64", [rows, columns], values));
        const direction = (c: number) => components.data.slice(c * columns, (c + 1) * columns);
        const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
          Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
        expect(dot(direction(0), direction(0))).toBeCloseTo(1, 10);
        expect(dot(direction(1), direction(1))).toBeCloseTo(1, 10);
        expect(dot(direction(0), direction(1))).toBeCloseTo(0, 10);
        for (let row = 0; row < rows; row++) {
          const centred = mean.data.map((m, d) => values[row * columns + d]! - m);
          expect(scores.data[2 * row + 1]).toBeCloseTo(dot(centred, direction(1)), 9);
        }
      }),
      { seed: 62 },
    );
  });

  it("do not flip: the largest loading is positive, also when the data is mirrored", () => {
    const values = Key.fromSeed(4).normal(60);
    const once = principalComponents(ndarray("float64", [20, 3], values));
    const mirrored = principalComponents(
      ndarray(
        "float64",
        [20, 3],
        values.map((value) => -value),
      ),
    );
    for (const { components } of [once, mirrored]) {
      for (const c of [0, 1]) {
        const loadings = [...components.data.slice(3 * c, 3 * c + 3)];
        expect(Math.max(...loadings)).toBe(Math.max(...loadings.map(Math.abs)));
      }
    }
    once.components.data.forEach((loading, i) => expect(mirrored.components.data[i]).toBeCloseTo(loading, 9));
  });

  it.each([
    ["constant", [3, 2], [0.1, 0.7, 0.1, 0.7, 0.1, 0.7]],
    ["a single row", [1, 2], [5, 6]],
    ["all zero", [4, 2], [0, 0, 0, 0, 0, 0, 0, 0]],
  ] as const)("of data that is %s are 0, not NaN", (_, shape, values) => {
    const { scores, explainedVariance, components } = principalComponents(ndarray("float64", shape, values));
    expect([...scores.data].every((score) => score === 0)).toBe(true);
    expect(explainedVariance).toEqual([0, 0]);
    expect([...components.data].every(Number.isFinite)).toBe(true);
  });

  it.each([1e-200, 1e140])("keep their digits for data of magnitude %s", (magnitude) => {
    const values = Float64Array.from(Key.fromSeed(8).normal(30));
    const plain = principalComponents(ndarray("float64", [10, 3], values));
    const scaled = principalComponents(
      ndarray(
        "float64",
        [10, 3],
        values.map((value) => value * magnitude),
      ),
    );
    scaled.explainedVariance.forEach((share, i) => expect(share).toBeCloseTo(plain.explainedVariance[i]!, 9));
  });

  it("of 5,000 × 784 take seconds and find the planted plane", () => {
    const noise = Key.fromSeed(9).stream();
    const values = new Float32Array(5000 * 784);
    for (let row = 0; row < 5000; row++) {
      const [a, b] = [30 * noise.normal(), 15 * noise.normal()];
      for (let d = 0; d < 784; d++) {
        const planted = (a * Math.sin(d)) / Math.sqrt(392) + (b * Math.cos(d)) / Math.sqrt(392);
        values[row * 784 + d] = planted + (noise.uniform() - 0.5);
      }
    }
    const before = process.cpuUsage();
    const { components } = principalComponents(ndarray("float32", [5000, 784], values));
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
    const along = (c: number, f: (d: number) => number) =>
      Array.from({ length: 784 }, (_, d) => (components.data[c * 784 + d]! * f(d)) / Math.sqrt(392)).reduce(
        (x, y) => x + y,
        0,
      );
    expect(Math.abs(along(0, Math.sin))).toBeGreaterThan(0.99);
    expect(Math.abs(along(1, Math.cos))).toBeGreaterThan(0.99);
  });

  it.each([0, 3, 1.5, Number.NaN])("refuses %s components of two columns", (components) => {
    const data = ndarray("float64", [3, 2], [0, 1, 2, 3, 4, 6]);
    expect(() => principalComponents(data, components)).toThrow(expect.objectContaining({ code: "SETTING_INVALID" }));
  });
});
