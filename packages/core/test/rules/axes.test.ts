import { describe, expect, it } from "vitest";
import { mean } from "../../src/functions/mean.js";
import { normaliseAxes } from "../../src/ir/rules.js";
import { argMax } from "../../src/ops/arg-max.js";
import { argTopK } from "../../src/ops/arg-top-k.js";
import { concat } from "../../src/ops/concat.js";
import { max } from "../../src/ops/max.js";
import { maxPool } from "../../src/ops/max-pool.js";
import { sum } from "../../src/ops/sum.js";
import { transpose } from "../../src/ops/transpose.js";
import { f32, refusal } from "./refusal.js";

describe("axes", () => {
  it("count from both ends", () => {
    expect(normaliseAxes("test", [-1, 0], 3)).toEqual([0, 2]);
    expect(normaliseAxes("test", undefined, 2)).toEqual([0, 1]);
    expect(normaliseAxes("test", [], 2)).toEqual([]);
  });

  it("must exist, once", () => {
    expect(refusal(() => sum(f32(2, 3), { axes: [2] }))).toMatchInlineSnapshot(`
      "AXIS_OUT_OF_RANGE: sum: axis 2 of a tensor with 2 axes
      operator "sum"
      Use -2 to 1."
    `);
    expect(refusal(() => sum(f32(2, 3), { axes: [1, -1] }))).toMatchInlineSnapshot(`
      "AXIS_REPEATED: sum: axes [1, -1] name one axis twice
      operator "sum""
    `);
    expect(refusal(() => argMax(f32(2), 0.5))).toMatchInlineSnapshot(`
      "AXIS_OUT_OF_RANGE: argMax: axis 0.5 of a tensor with 1 axes
      operator "argMax"
      Use -1 to 0."
    `);
    expect(refusal(() => transpose(f32(2, 3), [0, 0]))).toMatchInlineSnapshot(`
      "PERMUTATION_INVALID: transpose: [0, 0] does not name each of 2 axes once
      operator "transpose""
    `);
    expect(refusal(() => transpose(f32(2, 3), [0]))).toMatchInlineSnapshot(`
      "PERMUTATION_INVALID: transpose: [0] does not name each of 2 axes once
      operator "transpose""
    `);
    expect(refusal(() => concat([f32(), f32()], 0))).toMatchInlineSnapshot(`
      "AXIS_OUT_OF_RANGE: concat: axis 0 of a tensor with 0 axes
      operator "concat"
      A tensor without axes has none to name: reshape it first."
    `);
  });

  it("must hold something to choose from", () => {
    expect(refusal(() => max(f32(2, 0), { axes: [1] }))).toMatchInlineSnapshot(`
      "EMPTY_REDUCTION: max: an axis without elements has none to choose from
      operator "max"
      Leave the empty case out."
    `);
    expect(refusal(() => argMax(f32(0), 0))).toMatchInlineSnapshot(`
      "EMPTY_REDUCTION: argMax: an axis without elements has no largest one
      operator "argMax""
    `);
    expect(refusal(() => mean(f32(0, 2), { axes: [0] }))).toMatchInlineSnapshot(`
      "EMPTY_REDUCTION: mean: the mean of no elements is not defined
      operator "mean"
      Leave the empty case out."
    `);
    expect(refusal(() => argTopK(f32(3), { axis: 0, k: 4 }))).toMatchInlineSnapshot(`
      "K_OUT_OF_RANGE: argTopK: k = 4 of 3 elements
      operator "argTopK"
      Use 0 to 3."
    `);
    expect(refusal(() => maxPool(f32(1, 1, 0), { kernel: 2, padding: 1 }))).toMatchInlineSnapshot(`
      "EMPTY_REDUCTION: maxPool: x [1, 1, 0] has a spatial axis without elements
      operator "maxPool""
    `);
  });
});
