import { describe, expect, it } from "vitest";
import { averagePool } from "../../src/ops/average-pool.js";
import { concat } from "../../src/ops/concat.js";
import { conv } from "../../src/ops/conv.js";
import { convFilterGradient } from "../../src/ops/conv-filter-gradient.js";
import { convTranspose } from "../../src/ops/conv-transpose.js";
import { gatherElements } from "../../src/ops/gather-elements.js";
import { input } from "../../src/ops/input.js";
import { matmul } from "../../src/ops/matmul.js";
import { maxPool } from "../../src/ops/max-pool.js";
import { pad } from "../../src/ops/pad.js";
import { reshape } from "../../src/ops/reshape.js";
import { scatterElements } from "../../src/ops/scatter-elements.js";
import { slice, sliceAxes } from "../../src/ops/slice.js";
import { f32, i32, refusal } from "./refusal.js";

describe("shapes", () => {
  it("of a reshape hold as many elements", () => {
    expect(refusal(() => reshape(f32(2, 3), [4]))).toMatchInlineSnapshot(`
      "SIZE_MISMATCH: reshape: [2, 3] has 6 elements, [4] 4
      operator "reshape""
    `);
    expect(refusal(() => reshape(f32(2, 3), [-1, 4]))).toMatchInlineSnapshot(`
      "SIZE_MISMATCH: reshape: [2, 3] has 6 elements, which [-1, 4] cannot hold
      operator "reshape""
    `);
    expect(refusal(() => reshape(f32(2, 3), [-1, -1]))).toMatchInlineSnapshot(`
      "EXTENT_INVALID: reshape: only one extent may be -1
      operator "reshape""
    `);
    expect(refusal(() => input("x", "float32", [2, -1]))).toMatchInlineSnapshot(`
      "EXTENT_INVALID: input: the shape of "x" [2, -1] must hold non-negative whole numbers
      operator "input""
    `);
  });

  it("of joined and indexed tensors agree", () => {
    expect(refusal(() => concat([f32(2, 3), f32(3, 3)], 1))).toMatchInlineSnapshot(`
      "SHAPE_MISMATCH: concat: [2, 3] and [3, 3] differ off axis 1
      operator "concat""
    `);
    expect(refusal(() => concat([], 0))).toMatchInlineSnapshot(`
      "NO_TENSOR: concat: there is nothing to join
      operator "concat""
    `);
    expect(refusal(() => gatherElements(f32(2, 3), i32(3, 2), 1))).toMatchInlineSnapshot(`
      "SHAPE_MISMATCH: gatherElements: indices [3, 2] and x [2, 3] differ off axis 1
      operator "gatherElements""
    `);
    expect(refusal(() => scatterElements(f32(2, 3), i32(2, 2), { axis: 1, size: 3 }))).toMatchInlineSnapshot(`
      "SHAPE_MISMATCH: scatterElements: float32[2, 3] and int32[2, 2] must have one shape
      operator "scatterElements""
    `);
    expect(refusal(() => scatterElements(f32(2), i32(2), { axis: 0, size: 1.5 }))).toMatchInlineSnapshot(`
      "EXTENT_INVALID: scatterElements: the size along the axis [1.5] must hold non-negative whole numbers
      operator "scatterElements""
    `);
  });

  it("of factors agree", () => {
    expect(refusal(() => matmul(f32(2, 3), f32(2, 3)))).toMatchInlineSnapshot(`
      "INNER_MISMATCH: matmul: [2, 3] · [2, 3]: the inner extents 3 and 2 differ
      operator "matmul"
      The columns of the first factor are the rows of the second; transpose one of them where that is meant."
    `);
    expect(refusal(() => matmul(f32(3), f32(3, 2)))).toMatchInlineSnapshot(`
      "RANK_MISMATCH: matmul: input 0 is float32[3], and matmul needs at least 2 axes
      operator "matmul""
    `);
  });

  it("of slices lie inside", () => {
    expect(refusal(() => sliceAxes(f32(4), { starts: [2], sizes: [3], steps: [1] }))).toMatchInlineSnapshot(`
      "SLICE_OUT_OF_RANGE: slice: axis 0 has 4 elements; 3 from 2 in steps of 1 do not fit
      operator "slice""
    `);
    expect(refusal(() => sliceAxes(f32(4), { starts: [0], sizes: [2], steps: [1.5] }))).toMatchInlineSnapshot(`
      "SLICE_INVALID: slice: starts [0], sizes [2] and steps [1.5] must be whole numbers, one for each of 1 axes
      operator "slice""
    `);
    expect(refusal(() => sliceAxes(f32(4, 2), { starts: [0], sizes: [2], steps: [1] }))).toMatchInlineSnapshot(`
      "SLICE_INVALID: slice: starts [0], sizes [2] and steps [1] must be whole numbers, one for each of 2 axes
      operator "slice""
    `);
    expect(refusal(() => slice(f32(4), { axis: 0, step: 0 }))).toMatchInlineSnapshot(`
      "SLICE_OUT_OF_RANGE: slice: axis 0 has 4 elements; 0 from 3 in steps of 0 do not fit
      operator "slice""
    `);
    expect(refusal(() => pad(f32(4), { before: [-1], after: [0] }))).toMatchInlineSnapshot(`
      "EXTENT_INVALID: pad: padding [-1, 0] must hold non-negative whole numbers
      operator "pad""
    `);
    expect(refusal(() => pad(f32(4), { before: [1, 1], after: [0, 0] }))).toMatchInlineSnapshot(`
      "RANK_MISMATCH: pad: padding for 2 axes on a tensor with 1
      operator "pad""
    `);
  });

  it("of windows fit", () => {
    expect(refusal(() => conv(f32(1, 2, 5), f32(1, 2, 7)))).toMatchInlineSnapshot(`
      "WINDOW_TOO_LARGE: conv: a window of 7 does not fit on 5 elements with padding 0 and 0
      operator "conv""
    `);
    expect(refusal(() => conv(f32(1, 3, 5), f32(2, 2, 3)))).toMatchInlineSnapshot(`
      "CHANNEL_MISMATCH: conv: x has 3 channels; w [2, 2, 3] in 1 group(s) takes 2
      operator "conv"
      x is [N, C, …], w is [O, C/groups, …], and groups divides O."
    `);
    expect(refusal(() => conv(f32(1, 4, 5), f32(3, 2, 3), { groups: 2 }))).toMatchInlineSnapshot(`
      "CHANNEL_MISMATCH: conv: x has 4 channels; w [3, 2, 3] in 2 group(s) takes 4
      operator "conv"
      x is [N, C, …], w is [O, C/groups, …], and groups divides O."
    `);
    expect(refusal(() => conv(f32(4, 5), f32(3, 2, 3)))).toMatchInlineSnapshot(`
      "RANK_MISMATCH: conv: x [4, 5] and w [3, 2, 3] need 1 spatial axes each
      operator "conv""
    `);
    expect(refusal(() => conv(f32(1, 1, 5), f32(1, 1, 3), { strides: 0 }))).toMatchInlineSnapshot(`
      "WINDOW_INVALID: conv: strides [0] must be 1 whole numbers of at least 1
      operator "conv""
    `);
    expect(refusal(() => conv(f32(1, 1, 5), f32(1, 1, 3), { padding: -1 }))).toMatchInlineSnapshot(`
      "WINDOW_INVALID: conv: padding before [-1] must be 1 whole numbers of at least 0
      operator "conv""
    `);
    expect(refusal(() => conv(f32(1, 1, 5), f32(1, 1, 3), { dilations: [1, 1] }))).toMatchInlineSnapshot(`
      "WINDOW_INVALID: conv: dilations [1, 1] and groups 1 must be positive whole numbers
      operator "conv""
    `);
    expect(refusal(() => conv(f32(1, 1, 5), f32(1, 1, 0)))).toMatchInlineSnapshot(`
      "WINDOW_INVALID: conv: w [1, 1, 0] has a spatial axis without elements
      operator "conv""
    `);
    expect(refusal(() => convTranspose(f32(1, 1, 5), f32(1, 1, 3), { outputPadding: 1 }))).toMatchInlineSnapshot(`
      "SHAPE_MISMATCH: convTranspose: no convolution of [1, 1, 8] with w [1, 1, 3] gives x [1, 1, 5]
      operator "convTranspose""
    `);
    const geometry = { strides: [1], before: [0], after: [0], dilations: [1], groups: 2 };
    expect(refusal(() => convFilterGradient(f32(1, 3, 5), f32(1, 4, 3), [3], geometry))).toMatchInlineSnapshot(`
      "CHANNEL_MISMATCH: convFilterGradient: 3 channels do not make 2 groups
      operator "convFilterGradient""
    `);
    expect(refusal(() => maxPool(f32(1, 1, 4), { kernel: 2, padding: 2 }))).toMatchInlineSnapshot(`
      "WINDOW_INVALID: maxPool: padding of 2 or more would leave windows of 2 without any element
      operator "maxPool""
    `);
    expect(refusal(() => averagePool(f32(2, 2), { kernel: 2 }))).toMatchInlineSnapshot(`
      "RANK_MISMATCH: averagePool: x [2, 2] must be [N, C, …spatial]
      operator "averagePool""
    `);
    expect(refusal(() => averagePool(f32(1, 1, 3, 3), { kernel: [2] }))).toMatchInlineSnapshot(`
      "WINDOW_INVALID: averagePool: kernel [2] must be 2 positive whole numbers
      operator "averagePool""
    `);
  });
});
