import { Key, type NdArray, ndarray } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { compareAllPairs } from "./compare-all-pairs.js";
import { chebyshevOfFour, chi2OfFour } from "./compare-four.js";

/** Rows of float32 numbers from 0, of which about `zeros` are 0. */
function drawn(rows: number, width: number, zeros = 0.5): NdArray {
  const key = Key.fromSeed(rows * 1000 + width);
  const kept = key.fold("zeros").uniform(rows * width);
  const values = key.uniform(rows * width).map((value, at) => (kept[at]! < zeros ? 0 : 10 ** (8 * value - 4)));
  return ndarray("float32", [rows, width], Float32Array.from(values));
}

const plain = {
  chebyshev: (x: number, y: number, so: number) => Math.max(so, Math.abs(x - y)),
  chi2: (x: number, y: number, so: number) => so + (x + y > 0 ? (x - y) ** 2 / (x + y) : 0),
};

function byLoops({ shape, data }: NdArray, fold: (x: number, y: number, so: number) => number): number[] {
  const [n, d] = [shape[0]!, shape[1]!];
  return Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let value = 0;
    for (let c = 0; c < d; c++) value = fold(data[i * d + c]!, data[j * d + c]!, value);
    return value;
  });
}

describe.each([
  ["chebyshev", chebyshevOfFour, plain.chebyshev],
  ["chi2", chi2OfFour, plain.chi2],
] as const)("all pairs by %s", (_, compareFour, fold) => {
  // Fewer rows than four, rows beyond a whole four, more rows than a block, and rows wider than a block.
  it.each([
    [1, 3],
    [2, 1],
    [5, 4],
    [8, 2],
    [70, 1000],
    [6, 40_000],
  ])("of %i rows of width %i are those of plain loops, and exactly symmetric", async (rows, width) => {
    const data = drawn(rows, width);
    const { shape, data: compared } = await compareAllPairs(data, compareFour);
    expect(shape).toEqual([rows, rows]);
    byLoops(data, fold).forEach((value, at) => {
      expect(Math.abs(compared[at]! - value)).toBeLessThanOrEqual(1e-6 * value);
      expect(compared[at]).toBe(compared[(at % rows) * rows + Math.floor(at / rows)]);
    });
  });
});

it("features at the ends of float32 give finite statistics, and two zeros give 0", async () => {
  const [least, most] = [2 ** -149, 3.4e38];
  const data = ndarray("float32", [4, 2], Float32Array.of(0, least, 0, most, 0, 0, 1, least));
  const { data: compared } = await compareAllPairs(data, chi2OfFour);
  const expected = byLoops(data, plain.chi2);
  expected.forEach((value, at) =>
    expect(Math.abs(compared[at]! - Math.fround(value))).toBeLessThanOrEqual(1e-6 * value),
  );
});
