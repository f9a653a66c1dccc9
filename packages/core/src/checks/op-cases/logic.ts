import type { Tensor } from "../../ir/tensor.js";
import { and } from "../../ops/and.js";
import { equal } from "../../ops/equal.js";
import { greater } from "../../ops/greater.js";
import { greaterOrEqual } from "../../ops/greater-or-equal.js";
import { less } from "../../ops/less.js";
import { lessOrEqual } from "../../ops/less-or-equal.js";
import { not } from "../../ops/not.js";
import { or } from "../../ops/or.js";
import { where } from "../../ops/where.js";
import { awayFromZero, normal, truths, typed, values, whole } from "./draw.js";
import { EXACT, type OpCase, opCase } from "./op-case.js";

const exact = { tolerance: EXACT };
const SPECIAL = [0, -0, 1e-30, Number.NaN, Infinity, -Infinity, 1e30, 1];
const FACING = [-0, 0, 0, Number.NaN, Infinity, Infinity, 1e30, -1];

function comparisonCases(f: (a: Tensor, b: Tensor) => Tensor): OpCase[] {
  return [
    opCase("of scalars", [values([], [2]), values([], [2])], f, exact),
    opCase("with ties", [whole(-2, 3, 4, 5), whole(-2, 3, 4, 5)], f, exact),
    opCase("of rank 6 on both sides", [whole(0, 3, 2, 1, 3, 1, 2, 1), whole(0, 3, 1, 2, 1, 2, 1, 3)], f, exact),
    opCase("of ±0, infinities and what is no number", [values([8], SPECIAL), values([8], FACING)], f, exact),
    opCase("of int32", [whole(-2, 3, 3, 1), whole(-2, 3, 4)], f, { ...exact, dtypes: ["int32"] }),
    // Neighbours that float32 cannot tell apart.
    opCase("of large int32", [typed("T", [2], [16777217, -16777217]), typed("T", [2], [16777216, -16777216])], f, {
      ...exact,
      dtypes: ["int32"],
    }),
    opCase("of no elements", [normal(0, 2), normal(1, 2)], f, exact),
  ];
}

function logicalCases(f: (a: Tensor, b: Tensor) => Tensor): OpCase[] {
  const boolean = { ...exact, dtypes: ["bool"] as const };
  return [
    opCase("of all pairs", [typed("T", [4], [0, 0, 1, 1]), typed("T", [4], [0, 1, 0, 1])], f, boolean),
    opCase("of scalars", [typed("T", [], [1]), typed("T", [], [0])], f, boolean),
    opCase("of rank 5 on both sides", [truths(2, 1, 3, 1, 2), truths(2, 1, 2, 1)], f, boolean),
    opCase("of no elements", [truths(3, 0), truths(3, 1)], f, boolean),
  ];
}

export const logicCases = {
  equal: [
    ...comparisonCases(equal),
    opCase("of booleans", [truths(7), truths(7)], equal, { ...exact, dtypes: ["bool"] }),
  ],
  less: comparisonCases(less),
  lessOrEqual: comparisonCases(lessOrEqual),
  greater: comparisonCases(greater),
  greaterOrEqual: comparisonCases(greaterOrEqual),
  and: logicalCases(and),
  or: logicalCases(or),
  not: [
    opCase("of a vector", [truths(9)], not, { ...exact, dtypes: ["bool"] }),
    opCase("of a scalar", [typed("T", [], [1])], not, { ...exact, dtypes: ["bool"] }),
    opCase("of no elements", [truths(0, 2)], not, { ...exact, dtypes: ["bool"] }),
  ],
  where: [
    opCase("of equal shapes", [truths(3, 4), normal(3, 4), normal(3, 4)], where, { ...exact, differentiable: [1, 2] }),
    opCase("of scalars", [typed("bool", [], [0]), normal(), normal()], where, { ...exact, differentiable: [1, 2] }),
    opCase("of three shapes", [truths(3, 1), normal(4), normal(2, 1, 1)], where, { ...exact, differentiable: [1, 2] }),
    opCase("of rank 6", [truths(2, 1, 3, 1, 1, 2), normal(1, 2, 1, 2, 1, 1), normal(1)], where, {
      ...exact,
      differentiable: [1, 2],
    }),
    opCase(
      "that leaves out what is no number",
      [
        typed("bool", [4], [1, 0, 1, 0]),
        values([4], [1, Number.NaN, -0, Infinity]),
        values([4], [Number.NaN, 2, -Infinity, 1e30]),
      ],
      where,
      exact,
    ),
    opCase("of int32", [truths(5), whole(-9, 9, 5), whole(-9, 9, 5)], where, { ...exact, dtypes: ["int32"] }),
    opCase("of booleans", [truths(2, 4), truths(4), truths(2, 1)], where, { ...exact, dtypes: ["bool"] }),
    opCase("with a number", [truths(4), awayFromZero(4)], (condition, x) => where(condition, x, 0), {
      ...exact,
      differentiable: [1],
    }),
    opCase("of no elements", [truths(0, 3), normal(1, 3), normal()], where, { ...exact, differentiable: [1, 2] }),
  ],
} as const;
