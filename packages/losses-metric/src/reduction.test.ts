import { ndarray, type Tensor } from "@semblance/core";
import { checkGradients, runFunction } from "@semblance/core/testing";
import { describe, expect, it } from "vitest";
import { type Reduction, reduceMasked } from "./reduction.js";

const REDUCTIONS = ["mean-valid", "mean-nonzero", "sum", "per-anchor"] as const;
const T = [1, -2, 0, 4, 5, 6, 7, 8, 9];
const M = [1, 1, 1, 0, 1, 0, 0, 0, 0];
const matrix = (data: readonly number[]) => ndarray("float64", [3, 3], data);
const fold = (reduction: Reduction, anchorAxis?: number) => (t: Tensor, m: Tensor) =>
  reduceMasked(t, m, { reduction, ...(anchorAxis === undefined ? {} : { anchorAxis }) });
const valueOf = async (reduction: Reduction, t: readonly number[], m: readonly number[], axis?: number) =>
  (await runFunction(fold(reduction, axis), [matrix(t), matrix(m)]))[0]!.data[0]!;

describe("reduceMasked", () => {
  it("is each reduction written out", async () => {
    expect(await valueOf("sum", T, M)).toBe(4);
    expect(await valueOf("mean-valid", T, M)).toBe(1);
    expect(await valueOf("mean-nonzero", T, M)).toBe(2);
    // Anchor 0 has mean −1/3, anchor 1 has 5, anchor 2 has nothing.
    expect(await valueOf("per-anchor", T, M)).toBeCloseTo((-1 / 3 + 5) / 2, 14);
    // By columns: 1, (−2 + 5)/2 and 0.
    expect(await valueOf("per-anchor", T, M, 1)).toBeCloseTo((1 + 1.5 + 0) / 3, 14);
  });

  it("takes weights for what they are", async () => {
    const halves = M.map((m) => m / 4);
    expect(await valueOf("sum", T, halves)).toBe(1);
    expect(await valueOf("mean-valid", T, halves)).toBe(1);
    expect(await valueOf("mean-nonzero", T, halves)).toBe(2);
  });

  it.each(REDUCTIONS)("%s is exactly 0 where nothing is valid, whatever the terms are", async (reduction) => {
    expect(
      await valueOf(
        reduction,
        [Number.NaN, Number.POSITIVE_INFINITY, 3, 4, 5, 6, 7, 8, 9],
        M.map(() => 0),
      ),
    ).toBe(0);
  });

  it.each(REDUCTIONS)("%s has the gradient of finite differences", async (reduction) => {
    await checkGradients(fold(reduction), [matrix([1, -2, 0.5, 4, 5, 6, 7, 8, 9]), matrix(M)], {
      name: reduction,
      wrt: [0],
    });
  });
});
