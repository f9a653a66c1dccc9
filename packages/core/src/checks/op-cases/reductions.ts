import type { ReductionOptions } from "../../ir/reductions.js";
import type { Tensor } from "../../ir/tensor.js";
import { argMax } from "../../ops/arg-max.js";
import { argTopK } from "../../ops/arg-top-k.js";
import { cumulativeSum } from "../../ops/cumulative-sum.js";
import { max } from "../../ops/max.js";
import { min } from "../../ops/min.js";
import { sum } from "../../ops/sum.js";
import { distinct, formula, normal, typed, values, whole } from "./draw.js";
import { EXACT, type OpCase, opCase, SUMMED, type Tolerance } from "./op-case.js";

const exact = { tolerance: EXACT };

function reductionCases(
  f: (x: Tensor, options?: ReductionOptions) => Tensor,
  draw: typeof normal,
  tolerance: Tolerance,
): OpCase[] {
  const smooth = { tolerance, differentiable: [0] };
  return [
    opCase("of a scalar", [draw()], (x) => f(x), smooth),
    opCase("of everything", [draw(3, 4)], (x) => f(x), smooth),
    opCase("over the last axis", [draw(3, 4)], (x) => f(x, { axes: [-1] }), smooth),
    opCase("over the first axis", [draw(3, 4)], (x) => f(x, { axes: [0] }), smooth),
    opCase("over no axis", [draw(3)], (x) => f(x, { axes: [] }), smooth),
    opCase("keeping the axis", [draw(2, 3, 4)], (x) => f(x, { axes: [1], keepDims: true }), smooth),
    opCase("of everything, keeping the axes", [draw(2, 3)], (x) => f(x, { keepDims: true }), smooth),
    opCase("over axes apart, out of order", [draw(2, 3, 2, 3)], (x) => f(x, { axes: [-1, 0] }), smooth),
    opCase("over three axes of six", [draw(2, 3, 1, 2, 1, 2)], (x) => f(x, { axes: [1, 3, 5] }), smooth),
    opCase("over an axis of one", [draw(3, 1)], (x) => f(x, { axes: [1] }), smooth),
    opCase("over a full axis beside an empty one", [draw(0, 3)], (x) => f(x, { axes: [1] }), smooth),
    opCase("of int32", [whole(-9, 10, 3, 4)], (x) => f(x, { axes: [1] }), { ...exact, dtypes: ["int32"] }),
  ];
}

function extremeCases(f: (x: Tensor, options?: ReductionOptions) => Tensor): OpCase[] {
  return [
    ...reductionCases(f, distinct, EXACT),
    opCase("with ties", [values([2, 4], [3, 3, 1, 3, -1, -1, -1, -1])], (x) => f(x, { axes: [1] }), exact),
    opCase("of negative numbers alone", [values([2, 2], [-5, -3, -1e30, -2])], (x) => f(x, { axes: [1] }), exact),
    opCase(
      "of infinities",
      [values([3, 2], [-Infinity, -Infinity, Infinity, 1, -Infinity, 2])],
      (x) => f(x, { axes: [1] }),
      exact,
    ),
    // A start value of 0, or float32 on the way, would show.
    opCase(
      "of large int32",
      [typed("T", [2, 2], [16777217, 16777216, -16777217, -16777218])],
      (x) => f(x, { axes: [1] }),
      {
        ...exact,
        dtypes: ["int32"],
      },
    ),
  ];
}

const MILLIONS = 1 << 22;
/** A running float32 sum of four million terms is off by 1.6e−4 (onnxruntime) to 4e−2 (wasm); two stages stay below this. */
const LONG: Tolerance = { float32: 3e-5, float64: 1e-11 };

export const reductionsCases = {
  sum: [
    ...reductionCases(sum, normal, SUMMED),
    opCase("over an empty axis is 0", [normal(2, 0, 3)], (x) => sum(x, { axes: [1] }), {
      ...exact,
      differentiable: [0],
    }),
    opCase("of nothing at all is 0", [normal(0)], (x) => sum(x), { ...exact, differentiable: [0] }),
    opCase("over several empty axes, kept", [normal(0, 2, 0)], (x) => sum(x, { axes: [0, 2], keepDims: true }), exact),
    opCase("of 1e±30", [values([2, 3], [1e30, 1e-30, 1e-30, -1e30, 1e-30, 0])], (x) => sum(x, { axes: [1] }), {
      relative: true,
    }),
    opCase("over axes of 1031", [normal(3, 1031)], (x) => sum(x, { axes: [1] }), {
      tolerance: { float32: 2e-5, float64: 1e-12 },
    }),
    opCase("of four million tenths", [formula([MILLIONS], () => 0.1)], (x) => sum(x), { large: true, tolerance: LONG }),
    opCase(
      "of four million fractions, one column",
      [formula([MILLIONS, 1], (index) => (index * 0.6180339887) % 1)],
      (x) => sum(x, { axes: [0] }),
      {
        large: true,
        tolerance: LONG,
      },
    ),
    opCase(
      "of two thousand rows of two thousand",
      [formula([2048, 2048], (index) => (index * 0.6180339887) % 1)],
      (x) => [sum(x, { axes: [1] }), sum(x, { axes: [0] }), sum(x)],
      {
        large: true,
        tolerance: LONG,
      },
    ),
  ],
  max: extremeCases(max),
  min: extremeCases(min),
  argMax: [
    opCase("of a vector", [distinct(7)], (x) => argMax(x, 0), exact),
    opCase("with ties takes the first", [values([2, 4], [1, 3, 3, 0, -1, -1, -1, -1])], (x) => argMax(x, 1), exact),
    opCase("over a middle axis", [distinct(2, 3, 4)], (x) => argMax(x, -2), exact),
    opCase("of rank 6", [distinct(2, 1, 3, 1, 2, 2)], (x) => argMax(x, 2), exact),
    opCase(
      "of infinities and 1e±30",
      [values([2, 3], [-Infinity, -Infinity, -Infinity, -1e30, 1e-30, 1e30])],
      (x) => argMax(x, 1),
      exact,
    ),
    opCase("of int32", [whole(-3, 4, 4, 5)], (x) => argMax(x, 1), { ...exact, dtypes: ["int32"] }),
    opCase("beside an empty axis", [normal(0, 3)], (x) => argMax(x, 1), exact),
    opCase("over an axis of one", [normal(3, 1)], (x) => argMax(x, 1), exact),
  ],
  argTopK: [
    opCase("of a vector, best first", [distinct(9)], (x) => argTopK(x, { axis: 0, k: 4 }), exact),
    opCase("with ties takes the lower index first", [whole(0, 3, 3, 8)], (x) => argTopK(x, { axis: 1, k: 5 }), exact),
    opCase("smallest, with ties", [whole(0, 3, 3, 8)], (x) => argTopK(x, { axis: 1, k: 5, largest: false }), exact),
    opCase("all of a long axis of ties", [whole(0, 4, 40)], (x) => argTopK(x, { axis: 0, k: 40 }), exact),
    opCase("over the first axis", [distinct(5, 3)], (x) => argTopK(x, { axis: 0, k: 2 }), exact),
    opCase("of rank 5", [distinct(2, 1, 4, 1, 2)], (x) => argTopK(x, { axis: 2, k: 3 }), exact),
    opCase("none", [distinct(2, 3)], (x) => argTopK(x, { axis: 1, k: 0 }), exact),
    opCase(
      "of infinities and ±0",
      [values([5], [-Infinity, 0, -0, Infinity, 1e-30])],
      (x) => argTopK(x, { axis: 0, k: 5 }),
      exact,
    ),
    opCase("beside an empty axis", [normal(0, 3)], (x) => argTopK(x, { axis: 1, k: 2 }), exact),
  ],
  cumulativeSum: [
    ...([false, true] as const).flatMap((exclusive) =>
      ([false, true] as const).map((reverse) =>
        opCase(
          `${exclusive ? "exclusive" : "inclusive"}, ${reverse ? "from the end" : "from the start"}`,
          [normal(3, 4)],
          (x) => cumulativeSum(x, { axis: 1, exclusive, reverse }),
          { tolerance: SUMMED, differentiable: [0] },
        ),
      ),
    ),
    opCase("over the first axis", [normal(4, 3)], (x) => cumulativeSum(x, { axis: 0 }), {
      tolerance: SUMMED,
      differentiable: [0],
    }),
    opCase("of rank 5", [normal(2, 1, 3, 1, 2)], (x) => cumulativeSum(x, { axis: 2, exclusive: true }), {
      tolerance: SUMMED,
      differentiable: [0],
    }),
    opCase("of a single element", [normal(1)], (x) => cumulativeSum(x, { axis: 0, exclusive: true }), {
      ...exact,
      differentiable: [0],
    }),
    opCase("over an empty axis", [normal(2, 0)], (x) => cumulativeSum(x, { axis: 1 }), exact),
    opCase("of 1e30 that cancels", [values([4], [1e30, -1e30, 1, 2])], (x) => cumulativeSum(x, { axis: 0 }), {
      relative: true,
    }),
  ],
} as const;
