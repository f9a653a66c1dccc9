import { Key, ndarray } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { relevantComponents } from "./relevant-components.js";
import { withinScatter } from "./within-scatter.js";

const ROWS = 60;
const WIDTH = 5;
const key = Key.fromSeed(3);
const rows = ndarray("float64", [ROWS, WIDTH], key.normal(ROWS * WIDTH));
const labels = { indices: Int32Array.from({ length: ROWS }, (_, row) => row % 4), names: ["a", "b", "c", "d"] };

/** C of the comment, in plain loops. */
function scatter(): number[][] {
  const sum = Array.from({ length: WIDTH }, () => new Array<number>(WIDTH).fill(0));
  for (let group = 0; group < 4; group++) {
    const own = Array.from(rows.data.keys()).filter((at) => at < ROWS && at % 4 === group);
    const at = (row: number, k: number) => rows.data[row * WIDTH + k]!;
    const mean = (k: number) => own.reduce((total, row) => total + at(row, k), 0) / own.length;
    for (let i = 0; i < WIDTH; i++)
      for (let j = 0; j < WIDTH; j++)
        for (const row of own) sum[i]![j]! += ((at(row, i) - mean(i)) * (at(row, j) - mean(j))) / (ROWS - 4);
  }
  return sum;
}

const product = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]) =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((total, value, k) => total + value * b[k]![j]!, 0)));
const square = ({ data }: { readonly data: ArrayLike<number> }) =>
  Array.from({ length: WIDTH }, (_, i) => Array.from({ length: WIDTH }, (_, j) => data[i * WIDTH + j]!));
const transposed = (a: readonly (readonly number[])[]) => a[0]!.map((_, j) => a.map((row) => row[j]!));

describe("the scatter within groups", () => {
  it("is the sum of products of what is left of each row without the mean of its group", () => {
    const { matrix } = withinScatter(rows, { labels });
    scatter()
      .flat()
      .forEach((value, at) => expect(matrix[at]).toBeCloseTo(value, 12));
  });

  it("of a pair is half the product of its difference", () => {
    const supervision = { form: "pairs" as const, rows: Int32Array.of(2, 9), similarity: Float32Array.of(1) };
    const { matrix } = withinScatter(rows, { supervision });
    for (let i = 0; i < WIDTH; i++) {
      for (let j = 0; j < WIDTH; j++) {
        const difference = (k: number) => rows.data[2 * WIDTH + k]! - rows.data[9 * WIDTH + k]!;
        expect(matrix[i * WIDTH + j]).toBeCloseTo((difference(i) * difference(j)) / 2, 12);
      }
    }
  });

  it("of many rows is that of an even choice of them", () => {
    const many = 5000;
    const data = key
      .fold("many")
      .normal(many * 2)
      .map((value, at) => (at % 2 === 0 ? 3 * value : value));
    const known = { labels: { indices: new Int32Array(many), names: ["all"] } };
    const { matrix } = withinScatter(ndarray("float64", [many, 2], data), known);
    expect(matrix[0]! / 9).toBeCloseTo(1, 0);
    expect(matrix[3]!).toBeCloseTo(1, 0);
  });
});

describe("relevant components", () => {
  it("A Aᵀ undoes the shrunk scatter, and rows keep their mean squared length", () => {
    for (const shrinkage of [0.05, 0.75]) {
      const map = square(relevantComponents(rows, { labels }, shrinkage));
      const c = scatter();
      const mean = c.reduce((total, row, i) => total + row[i]!, 0) / WIDTH;
      const shrunk = c.map((row, i) =>
        row.map((value, j) => (1 - shrinkage) * value + (i === j ? shrinkage * mean : 0)),
      );
      const undone = product(product(map, transposed(map)), shrunk);
      undone.forEach((row, i) =>
        row.forEach((value, j) => expect(value / undone[0]![0]!).toBeCloseTo(i === j ? 1 : 0, 10)),
      );
      const given = Array.from({ length: ROWS }, (_, row) =>
        Array.from(rows.data.subarray(row * WIDTH, (row + 1) * WIDTH)),
      );
      const squares = (all: readonly (readonly number[])[]) =>
        all.flat().reduce((total, value) => total + value ** 2, 0);
      expect(squares(product(given, map))).toBeCloseTo(squares(given), 8);
    }
  });

  it("are the identity with a shrinkage of 1, and where nothing belongs together", () => {
    const identity = square({
      data: Float64Array.from({ length: WIDTH * WIDTH }, (_, at) => (at % (WIDTH + 1) === 0 ? 1 : 0)),
    });
    expect(square(relevantComponents(rows, {}, 0.5))).toEqual(identity);
    square(relevantComponents(rows, { labels }, 1)).forEach((row, i) =>
      row.forEach((value, j) => expect(value).toBeCloseTo(identity[i]![j]!, 12)),
    );
  });

  it("bring together what differs in a direction that says nothing", () => {
    // Groups differ in the first column; the second is louder and says nothing.
    const noise = key.fold("noise").normal(80);
    const data = Float64Array.from(noise, (value, at) => (at % 2 === 0 ? ((at / 2) % 2) + 0.1 * value : 3 * value));
    const known = { labels: { indices: Int32Array.from({ length: 40 }, (_, row) => row % 2), names: ["a", "b"] } };
    const map = relevantComponents(ndarray("float64", [40, 2], data), known, 0.05).data;
    const length = (i: number) => Math.hypot(map[2 * i]!, map[2 * i + 1]!);
    expect(length(0)).toBeGreaterThan(3 * length(1));
  });

  it("are refused for rows that are too wide", () => {
    const wide = ndarray("float32", [2, 5000], new Float32Array(10_000));
    expect(() => relevantComponents(wide, {}, 0.5)).toThrowError(expect.objectContaining({ code: "ROWS_TOO_WIDE" }));
  });
});
