import { describe, expect, it } from "vitest";
import { z } from "zod";
import { distanceChecks } from "../../src/checks/distance-checks.js";
import { kernelChecks } from "../../src/checks/kernel-checks.js";
import { type Distance, defineDistance } from "../../src/contracts/distance.js";
import { defineKernel } from "../../src/contracts/kernel.js";
import type { PairTable } from "../../src/contracts/pair-table.js";
import { pairwiseDistances, pairwiseSquaredDistances } from "../../src/functions/pairwise.js";
import { add } from "../../src/ops/add.js";
import { sub } from "../../src/ops/sub.js";
import { sum } from "../../src/ops/sum.js";
import { failures } from "./failing-titles.js";

const define = (spoil: Partial<Distance>): Distance =>
  defineDistance({
    name: "test-distance",
    summary: "A distance under test.",
    config: z.strictObject({}),
    triangleInequality: true,
    ...spoil,
  } as Omit<Distance, "kind">);
const failing = (matrix: NonNullable<Distance["matrix"]>) => failures(distanceChecks(define({ matrix })));
const failingTable = (table: NonNullable<Distance["table"]>) => failures(distanceChecks(define({ table })));

/** |xᵢ − xⱼ| summed over features, on the host. */
function cityBlock({
  shape,
  data,
}: {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}): PairTable {
  const [n, d] = [shape[0]!, shape[1]!];
  const table = new Float64Array(n * n);
  for (let at = 0; at < table.length; at++) {
    const [i, j] = [Math.floor(at / n), at % n];
    for (let c = 0; c < d; c++) table[at]! += Math.abs(data[i * d + c]! - data[j * d + c]!);
  }
  return { shape: [n, n], data: table };
}

describe("a distance", () => {
  it("that is right passes every check, by its matrix and by its table", async () => {
    expect(await failing(pairwiseDistances)).toEqual({});
    expect(await failingTable(cityBlock)).toEqual({});
  });

  it("that is an input owes its schema alone", () => {
    expect(distanceChecks(define({})).map(({ title }) => title)).not.toContain("is symmetric");
  });

  it("that is not symmetric is caught by name", async () => {
    const lopsided: Distance["matrix"] = (x, y) => add(pairwiseDistances(x, y), sum(x, { axes: [1], keepDims: true }));
    expect(await failing(lopsided!)).toMatchObject({ "is symmetric": "CHECK_VALUE_WRONG" });
  });

  it("that is not 0 between equal rows is caught", async () => {
    expect(await failing((x, y) => add(pairwiseDistances(x, y), 1e-3))).toEqual({
      "is 0 between equal rows": "CHECK_VALUE_WRONG",
    });
  });

  it("that is negative is caught", async () => {
    expect(await failing((x, y) => sub(0, pairwiseDistances(x, y)))).toMatchObject({
      "is never negative": "CHECK_VALUE_WRONG",
    });
  });

  it("that breaks the triangle inequality is caught where it claims to keep it", async () => {
    expect(await failing(pairwiseSquaredDistances)).toEqual({ "keeps the triangle inequality": "CHECK_VALUE_WRONG" });
    const modest = define({ matrix: pairwiseSquaredDistances, triangleInequality: false });
    expect(await failures(distanceChecks(modest))).toEqual({});
  });

  it("whose table is spoilt is caught", async () => {
    const short = await failingTable(() => ({ shape: [7, 6], data: new Float32Array(42) }));
    expect(short).toMatchObject({ "is symmetric": "CHECK_SHAPE_WRONG" });
    const greedy = await failingTable((x) => {
      x.data[0]! += 1;
      return cityBlock(x);
    });
    expect(greedy).toMatchObject({ "is symmetric": "CHECK_INPUT_MUTATED" });
    const upper = await failingTable((x) => {
      const { shape, data } = cityBlock(x);
      data[1] = 100;
      return { shape, data };
    });
    expect(upper).toMatchObject({ "is symmetric": "CHECK_VALUE_WRONG" });
  });
});

it("a kernel by its table is checked as one by its matrix", async () => {
  const kernel = (table: (x: Parameters<typeof cityBlock>[0]) => PairTable) =>
    defineKernel({ name: "test-kernel", summary: "A kernel under test.", config: z.strictObject({}), table });
  expect(await failures(kernelChecks(kernel(cityBlock)))).toEqual({});
  const lopsided = (x: Parameters<typeof cityBlock>[0]) => {
    const { shape, data } = cityBlock(x);
    return { shape, data: data.map((value, at) => value + at) as Float64Array };
  };
  expect(await failures(kernelChecks(kernel(lopsided)))).toMatchObject({ "is symmetric": "CHECK_VALUE_WRONG" });
});
