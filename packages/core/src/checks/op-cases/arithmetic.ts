import type { Tensor } from "../../ir/tensor.js";
import { abs } from "../../ops/abs.js";
import { add } from "../../ops/add.js";
import { div } from "../../ops/div.js";
import { maximum } from "../../ops/maximum.js";
import { minimum } from "../../ops/minimum.js";
import { mul } from "../../ops/mul.js";
import { neg } from "../../ops/neg.js";
import { pow } from "../../ops/pow.js";
import { sign } from "../../ops/sign.js";
import { sub } from "../../ops/sub.js";
import { awayFromZero, distinct, type normal, typed, uniform, values, whole } from "./draw.js";
import { EXACT, type OpCase, opCase } from "./op-case.js";
import { unaryCases } from "./unary-cases.js";

type Binary = (a: Tensor, b: Tensor) => Tensor;
type Shaped = typeof normal;

/** Broadcasting is one rule for all binary primitives, so each is met with the same shapes. */
function broadcastingCases(f: Binary, left: Shaped, right: Shaped): OpCase[] {
  const both = { differentiable: [0, 1] };
  return [
    opCase("of scalars", [left(), right()], f, both),
    opCase("of equal shapes", [left(3, 4), right(3, 4)], f, both),
    opCase("of a scalar and a matrix", [left(), right(2, 3)], f, both),
    opCase("of a column and a row", [left(3, 1), right(1, 4)], f, both),
    opCase("of ranks 4 and 2", [left(2, 1, 3, 2), right(3, 1)], f, both),
    opCase("of rank 6 on both sides", [left(2, 1, 3, 1, 2, 1), right(1, 2, 1, 2, 1, 3)], f, both),
    opCase("of no elements", [left(0, 3), right(1, 3)], f, both),
    opCase("of an empty and a repeated axis", [left(2, 1), right(1, 0)], f, both),
  ];
}

/** Int32 is exact; results stay far from overflow, which is nobody's contract. */
const integers = (f: Binary): OpCase =>
  opCase("of int32", [typed("T", [2, 3], [-7, 3, 0, 12, -1, 2_000_000]), typed("T", [3], [2, -3, 9])], f, {
    dtypes: ["int32"],
    tolerance: EXACT,
  });

const HUGE = [1e30, -1e30, 1e-30, -1e-30, 1e30, 1e-30];
const OTHER = [1e-30, 1e30, 1e-30, 1e30, -2e29, 3e-30];

export const arithmeticCases = {
  add: [
    ...broadcastingCases(add, awayFromZero, awayFromZero),
    integers(add),
    opCase("of 1e±30", [values([6], HUGE), values([6], OTHER)], add, { relative: true }),
    opCase("of ±0 and infinities", [values([4], [0, -0, Infinity, -Infinity]), values([4], [-0, -0, 1, 1e30])], add, {
      tolerance: EXACT,
    }),
    opCase("of infinities that cancel", [values([2], [Infinity, Number.NaN]), values([2], [-Infinity, 1])], add),
    opCase("of a tensor with itself", [awayFromZero(3)], (x) => add(x, x), { differentiable: [0] }),
  ],
  sub: [
    ...broadcastingCases(sub, awayFromZero, awayFromZero),
    integers(sub),
    opCase("of 1e±30", [values([6], HUGE), values([6], OTHER)], sub, { relative: true }),
    opCase("of equal numbers", [values([3], [1e30, 1e-30, -0]), values([3], [1e30, 1e-30, -0])], sub, {
      tolerance: EXACT,
    }),
    opCase("of neighbouring numbers", [values([2], [1 + 2 ** -20, 16777216]), values([2], [1, 16777215])], sub, {
      tolerance: EXACT,
    }),
  ],
  mul: [
    ...broadcastingCases(mul, awayFromZero, awayFromZero),
    integers(mul),
    opCase("of 1e±30", [values([5], [1e30, -1e30, 1e-30, 1e30, 0]), values([5], [1e-30, 1e-30, 1e5, 1e5, 1e30])], mul, {
      relative: true,
    }),
    opCase(
      "that overflows or is not a number",
      [values([4], [1e308, Infinity, Infinity, -1e308]), values([4], [1e308, 0, -1, 1e308])],
      mul,
    ),
  ],
  div: [
    ...broadcastingCases(div, awayFromZero, awayFromZero),
    opCase(
      "of 1e±30",
      [values([5], [1e30, -1e30, 1e-30, 1e-30, 0]), values([5], [1e10, 1e30, 1e-30, -1e5, 1e30])],
      div,
      {
        relative: true,
      },
    ),
    opCase("by ±0 and by infinity", [values([5], [1, 1, -1, 0, 5]), values([5], [0, -0, 0, 0, Infinity])], div),
    opCase("of sums, not rounded through a reciprocal", [values([3], [1, 2, 9]), values([3], [3, 3, 3])], div),
  ],
  pow: [
    ...broadcastingCases(
      pow,
      (...shape) => uniform(0.3, 2, ...shape),
      (...shape) => uniform(-2, 3, ...shape),
    ),
    opCase("with whole exponents of negative numbers", [awayFromZero(4), values([4], [2, 3, -1, 0])], pow, {
      differentiable: [0],
    }),
    opCase(
      "at its corners",
      [values([7], [0, 0, 0, 2, -8, 1e30, 1e-30]), values([7], [0, 2, -1, 0.5, 1 / 3, 0.5, 0.5])],
      pow,
    ),
    opCase(
      "of 1 to any power, and of −1 to infinite ones",
      [values([4], [1, 1, -1, -1]), values([4], [Number.NaN, Infinity, Infinity, -Infinity])],
      pow,
      { tolerance: EXACT },
    ),
    opCase("with a number as exponent", [awayFromZero(2, 3)], (x) => pow(x, 2), { differentiable: [0] }),
  ],
  maximum: [
    // Operands in ranges that do not touch would hide a swapped rule; these interleave without a tie.
    ...broadcastingCases(maximum, distinct, (...shape) => uniform(-0.02, 0.02, ...shape)),
    integers(maximum),
    opCase(
      "on ties and infinities",
      [values([4], [1, -2, Infinity, -Infinity]), values([4], [1, -2, 3, -1e30])],
      maximum,
      {
        tolerance: EXACT,
      },
    ),
    opCase(
      "of what is no number, on either side",
      [values([3], [Number.NaN, 1, Number.NaN]), values([3], [1, Number.NaN, Number.NaN])],
      maximum,
      { tolerance: EXACT },
    ),
  ],
  minimum: [
    ...broadcastingCases(minimum, distinct, (...shape) => uniform(-0.02, 0.02, ...shape)),
    integers(minimum),
    opCase(
      "on ties and infinities",
      [values([4], [1, -2, Infinity, -Infinity]), values([4], [1, -2, 3, -1e30])],
      minimum,
      {
        tolerance: EXACT,
      },
    ),
    opCase(
      "of what is no number, on either side",
      [values([3], [Number.NaN, 1, Number.NaN]), values([3], [1, Number.NaN, Number.NaN])],
      minimum,
      { tolerance: EXACT },
    ),
  ],
  neg: [
    ...unaryCases(neg, awayFromZero),
    opCase("of int32", [typed("T", [3], [-7, 0, 2147483647])], neg, { dtypes: ["int32"], tolerance: EXACT }),
    opCase("of ±0, told apart by division", [values([2], [0, -0])], (x) => div(1, neg(x)), { tolerance: EXACT }),
  ],
  abs: [
    ...unaryCases(abs, awayFromZero),
    opCase("of int32", [whole(-5, 6, 7)], abs, { dtypes: ["int32"], tolerance: EXACT }),
    opCase("of ±0 and 1e±30", [values([5], [0, -0, -1e30, 1e-30, -Infinity])], abs, { relative: true }),
  ],
  sign: [
    ...unaryCases(sign, awayFromZero),
    opCase("of int32", [whole(-2, 3, 9)], sign, { dtypes: ["int32"], tolerance: EXACT }),
    opCase("of ±0 and of the very small", [values([6], [0, -0, 1e-30, -1e-30, 1e30, -Infinity])], sign, {
      tolerance: EXACT,
    }),
  ],
} as const;
