import { describe, expect, it } from "vitest";
import { ndarray } from "../arrays/nd-array.js";
import { isSemblanceError } from "../errors.js";
import { mean } from "../functions/mean.js";
import { add } from "../ops/add.js";
import { and } from "../ops/and.js";
import { argMax } from "../ops/arg-max.js";
import { argTopK } from "../ops/arg-top-k.js";
import { averagePool } from "../ops/average-pool.js";
import { cast } from "../ops/cast.js";
import { concat } from "../ops/concat.js";
import { conv } from "../ops/conv.js";
import { convFilterGradient } from "../ops/conv-filter-gradient.js";
import { convTranspose } from "../ops/conv-transpose.js";
import { cumulativeSum } from "../ops/cumulative-sum.js";
import { div } from "../ops/div.js";
import { exp } from "../ops/exp.js";
import { expand } from "../ops/expand.js";
import { gather } from "../ops/gather.js";
import { gatherElements } from "../ops/gather-elements.js";
import { input } from "../ops/input.js";
import { matmul } from "../ops/matmul.js";
import { max } from "../ops/max.js";
import { maxPool } from "../ops/max-pool.js";
import { mul } from "../ops/mul.js";
import { not } from "../ops/not.js";
import { pad } from "../ops/pad.js";
import { reshape } from "../ops/reshape.js";
import { scatterElements } from "../ops/scatter-elements.js";
import { slice, sliceAxes } from "../ops/slice.js";
import { sum } from "../ops/sum.js";
import { transpose } from "../ops/transpose.js";
import { where } from "../ops/where.js";
import { broadcastShapes, normaliseAxes } from "./rules.js";

const f32 = (...shape: number[]) => input("x", "float32", shape);
const f64 = (...shape: number[]) => input("x", "float64", shape);
const i32 = (...shape: number[]) => input("x", "int32", shape);
const bool = (...shape: number[]) => input("x", "bool", shape);

/** Code, message, place and advice, as a reader sees them. */
function refusal(trace: () => unknown): string {
  try {
    trace();
  } catch (error) {
    if (!isSemblanceError(error)) throw error;
    return [`${error.code}: ${error.message}`, error.where, error.fix].filter(Boolean).join("\n");
  }
  throw new Error("nothing was refused");
}

describe("broadcasting", () => {
  it.each([
    [[[], []], []],
    [[[3], []], [3]],
    [
      [[2, 1], [3]],
      [2, 3],
    ],
    [[[1], [0]], [0]],
    [
      [
        [2, 1, 3],
        [1, 4, 1],
        [5, 1, 1, 1],
      ],
      [5, 2, 4, 3],
    ],
  ])("of %j gives %j", (shapes, expected) => {
    expect(broadcastShapes("test", shapes)).toEqual(expected);
  });

  it("is refused where extents differ", () => {
    expect(refusal(() => add(f32(2, 3), f32(2, 4)))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: add: shapes [2, 3] and [2, 4] do not broadcast: axis -1 is 3 in one and 4 in another
      operator "add"
      Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them."
    `);
    expect(refusal(() => add(f32(0), f32(2)))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: add: shapes [0] and [2] do not broadcast: axis -1 is 0 in one and 2 in another
      operator "add"
      Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them."
    `);
    expect(refusal(() => where(bool(3), f32(2), f32(1)))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: where: shapes [3] and [2] and [1] do not broadcast: axis -1 is 3 in one and 2 in another
      operator "where"
      Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them."
    `);
    expect(refusal(() => expand(f32(2), [3]))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: expand: shapes [2] and [3] do not broadcast: axis -1 is 2 in one and 3 in another
      operator "expand"
      Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them."
    `);
    expect(refusal(() => expand(f32(2, 1), [2]))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: expand: [2, 1] does not broadcast to [2]
      operator "expand""
    `);
    expect(refusal(() => matmul(f32(2, 3, 4), f32(5, 4, 2)))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: matmul: shapes [2] and [5] do not broadcast: axis -1 is 2 in one and 5 in another
      operator "matmul"
      Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them."
    `);
  });
});

describe("element types", () => {
  it("are never mixed", () => {
    expect(refusal(() => add(f32(2), f64(2)))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: add: float32[2] meets float64[2]
      operator "add"
      Types are never converted silently: use cast(x, "float32")."
    `);
    expect(refusal(() => mul(i32(2), f32(2)))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: mul: int32[2] meets float32[2]
      operator "mul"
      Types are never converted silently: use cast(x, "float32")."
    `);
    expect(refusal(() => concat([i32(2), bool(2)], 0))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: concat: int32[2] meets bool[2]
      operator "concat"
      Types are never converted silently: use cast(x, "int32")."
    `);
  });

  it("are those that the operator takes", () => {
    expect(refusal(() => exp(i32(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: exp: input 0 is int32[2], and exp takes float32 or float64
      operator "exp"
      Convert it with cast(x, "float32") where that is meant."
    `);
    expect(refusal(() => div(i32(2), i32(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: div: input 0 is int32[2], and div takes float32 or float64
      operator "div"
      Convert it with cast(x, "float32") where that is meant."
    `);
    expect(refusal(() => and(f32(2), f32(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: and: input 0 is float32[2], and and takes bool
      operator "and"
      Convert it with cast(x, "bool") where that is meant."
    `);
    expect(refusal(() => not(i32(1)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: not: input 0 is int32[1], and not takes bool
      operator "not"
      Convert it with cast(x, "bool") where that is meant."
    `);
    expect(refusal(() => gather(f32(2), f32(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: gather: input 1 is float32[2], and gather takes int32
      operator "gather"
      Convert it with cast(x, "int32") where that is meant."
    `);
    expect(refusal(() => where(f32(2), f32(2), f32(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: where: input 0 is float32[2], and where takes bool
      operator "where"
      Convert it with cast(x, "bool") where that is meant."
    `);
    expect(refusal(() => sum(bool(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: sum: input 0 is bool[2], and sum takes float32 or float64 or int32
      operator "sum"
      Convert it with cast(x, "float32") where that is meant."
    `);
    expect(refusal(() => cumulativeSum(i32(2), { axis: 0 }))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: cumulativeSum: input 0 is int32[2], and cumulativeSum takes float32 or float64
      operator "cumulativeSum"
      Convert it with cast(x, "float32") where that is meant."
    `);
  });

  it("of numbers follow the tensor beside them, where they can", () => {
    expect(add(1, f64(2)).dtype).toBe("float64");
    expect(add(i32(2), 3).dtype).toBe("int32");
    expect(refusal(() => add(i32(2), 0.5))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: add: the number 0.5 cannot stand beside a tensor of int32
      operator "add""
    `);
    expect(refusal(() => add(i32(2), 2 ** 31))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: add: the number 2147483648 cannot stand beside a tensor of int32
      operator "add""
    `);
    expect(refusal(() => and(bool(2), 1))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: and: the number 1 cannot stand beside a tensor of bool
      operator "and""
    `);
    expect(refusal(() => add(1, 2))).toMatchInlineSnapshot(`
      "NO_TENSOR: add: both operands are numbers
      operator "add"
      Use scalar(value, dtype) for one."
    `);
    expect(refusal(() => add([1] as never, 2))).toMatchInlineSnapshot(`
      "NOT_A_TENSOR: add: expected a tensor beside the number 2
      operator "add""
    `);
  });

  it("come from tensors and nothing else", () => {
    expect(refusal(() => exp(ndarray("float32", [1], [1]) as never))).toMatchInlineSnapshot(`
      "NOT_A_TENSOR: exp: expected tensors, got Object
      operator "exp"
      Arrays enter a program as inputs, carries or constant(...); numbers stand only where a tensor stands beside them."
    `);
    expect(refusal(() => exp(null as never))).toMatchInlineSnapshot(`
      "NOT_A_TENSOR: exp: expected tensors, got null
      operator "exp"
      Arrays enter a program as inputs, carries or constant(...); numbers stand only where a tensor stands beside them."
    `);
    expect(refusal(() => matmul(f32(1, 1), 2 as never))).toMatchInlineSnapshot(`
      "NOT_A_TENSOR: matmul: expected tensors, got number
      operator "matmul"
      Arrays enter a program as inputs, carries or constant(...); numbers stand only where a tensor stands beside them."
    `);
  });

  it("stay as they are when cast to themselves", () => {
    const x = f32(2);
    expect(cast(x, "float32")).toBe(x);
  });
});

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

describe("slice", () => {
  const extentsOf = (options: Omit<Parameters<typeof slice>[1], "axis">) => {
    const y = slice(f32(5), { axis: 0, ...options });
    if (y.op.name !== "slice") return "whole";
    const { starts, sizes, steps } = y.attributes as { starts: number[]; sizes: number[]; steps: number[] };
    return Array.from({ length: sizes[0]! }, (_, index) => starts[0]! + index * steps[0]!);
  };

  // What [0, 1, 2, 3, 4][start:end:step] is in Python.
  it.each([
    [{}, "whole"],
    [{ start: 1 }, [1, 2, 3, 4]],
    [{ end: -1 }, [0, 1, 2, 3]],
    [{ start: -2 }, [3, 4]],
    [{ start: -99, end: 99 }, "whole"],
    [{ start: 3, end: 1 }, []],
    [{ start: 99 }, []],
    [{ step: 2 }, [0, 2, 4]],
    [{ start: 1, end: 4, step: 2 }, [1, 3]],
    [{ step: -1 }, [4, 3, 2, 1, 0]],
    [{ start: 99, step: -1 }, [4, 3, 2, 1, 0]],
    [{ start: 3, step: -2 }, [3, 1]],
    [{ start: 3, end: 0, step: -1 }, [3, 2, 1]],
    [{ start: -1, end: -99, step: -1 }, [4, 3, 2, 1, 0]],
    [{ start: -99, step: -1 }, []],
    [{ start: 0, end: 3, step: -1 }, []],
  ])("with %j takes %j", (options, expected) => {
    expect(extentsOf(options)).toEqual(expected);
  });
});
