import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ndarray } from "../../src/arrays/nd-array.js";
import { isPositiveSemidefinite } from "../../src/checks/kernel/positive-semidefinite.js";
import { kernelChecks } from "../../src/checks/kernel-checks.js";
import { defineKernel, type Kernel } from "../../src/contracts/kernel.js";
import { pairwiseInnerProducts, pairwiseSquaredDistances } from "../../src/functions/pairwise.js";
import { add } from "../../src/ops/add.js";
import { div } from "../../src/ops/div.js";
import { mul } from "../../src/ops/mul.js";
import { neg } from "../../src/ops/neg.js";
import { slice } from "../../src/ops/slice.js";
import { sum } from "../../src/ops/sum.js";
import { failures } from "./failing-titles.js";

const kernel = (spoil: Partial<Kernel> = {}): Kernel =>
  defineKernel({
    name: "test-kernel",
    summary: "A kernel under test.",
    config: z.strictObject({}),
    positiveSemidefinite: true,
    matrix: pairwiseInnerProducts,
    features: (x) => x,
    ...spoil,
  } as Omit<Kernel, "kind">);
const failing = (spoil: Partial<Kernel>) => failures(kernelChecks(kernel(spoil)));
const matrixOnly = (matrix: NonNullable<Kernel["matrix"]>): Partial<Kernel> => ({
  matrix,
  features: undefined as never,
});

describe("a kernel", () => {
  it("that is right passes every check", async () => {
    expect(await failing({})).toEqual({});
  });

  it("that is not symmetric is caught by name", async () => {
    const matrix: Kernel["matrix"] = (x, y) => add(pairwiseInnerProducts(x, y), sum(x, { axes: [1], keepDims: true }));
    expect(await failing(matrixOnly(matrix!))).toMatchObject({ "is symmetric": "CHECK_VALUE_WRONG" });
  });

  it("whose features are not its own is caught by name", async () => {
    expect(await failing({ features: (x) => mul(x, 1.001) })).toEqual({
      "its feature map gives the same numbers": "CHECK_VALUE_WRONG",
    });
  });

  it("with negative eigenvalues is caught where it claims none", async () => {
    const matrix: Kernel["matrix"] = (x, y) => neg(pairwiseSquaredDistances(x, y));
    expect(await failing(matrixOnly(matrix!))).toEqual({ "has no negative eigenvalue": "CHECK_VALUE_WRONG" });
    expect(await failing({ ...matrixOnly(matrix!), positiveSemidefinite: false })).toEqual({});
  });

  it("that is NaN for rows of zeros is caught", async () => {
    const matrix: Kernel["matrix"] = (x, y) =>
      div(pairwiseInnerProducts(x, y), sum(pairwiseInnerProducts(x, x), { axes: [0, 1] }));
    const failed = await failing({ ...matrixOnly(matrix!), positiveSemidefinite: false });
    expect(failed).toMatchObject({ "is finite or refused for equal rows and rows of zeros": "CHECK_NOT_FINITE" });
  });

  it("of the wrong shape is caught", async () => {
    const matrix: Kernel["matrix"] = (x, y) => slice(pairwiseInnerProducts(x, y), { axis: 0, end: 2 });
    expect(Object.values(await failing(matrixOnly(matrix!)))).toContain("CHECK_SHAPE_WRONG");
  });
});

describe("isPositiveSemidefinite", () => {
  const square = (...data: number[]) => ndarray("float64", [2, 2], data);
  it.each([
    [square(1, 0, 0, 1), true],
    [square(1, 1, 1, 1), true],
    [square(0, 0, 0, 0), true],
    [square(1, 2, 2, 1), false],
    [square(-1, 0, 0, 1), false],
    [square(0, 1, 1, 0), false],
  ])("%j", (matrix, expected) => expect(isPositiveSemidefinite(matrix)).toBe(expected));
});
