import { ceil } from "../../ops/ceil.js";
import { floor } from "../../ops/floor.js";
import { isNaN } from "../../ops/is-nan.js";
import { round } from "../../ops/round.js";
import { distinct, normal, values } from "./draw.js";
import { EXACT, opCase } from "./op-case.js";
import { unaryCases } from "./unary-cases.js";

const exact = { tolerance: EXACT };
const HALVES = values([9], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, -0, 1e30]);
const NEAR_HALVES = values([4], [0.49999997, 0.5000001, -0.49999997, 8388607.5]);

export const roundingCases = {
  floor: [
    ...unaryCases(floor, distinct, exact),
    opCase("of halves", [HALVES], floor, exact),
    opCase("of whole numbers", [values([4], [-3, 0, 5, 16777216])], floor, exact),
  ],
  ceil: [
    ...unaryCases(ceil, distinct, exact),
    opCase("of halves", [HALVES], ceil, exact),
    opCase("of whole numbers", [values([4], [-3, 0, 5, 16777216])], ceil, exact),
  ],
  round: [
    // Spaced by 0.23 with an offset, `distinct` never comes near a half.
    ...unaryCases(round, distinct, exact),
    opCase("of halves, to even", [HALVES], round, exact),
    opCase("of numbers near a half", [NEAR_HALVES], round, exact),
  ],
  isNaN: [
    opCase("of a matrix", [normal(2, 3)], isNaN, exact),
    opCase("of a scalar", [values([], [Number.NaN])], isNaN, exact),
    opCase("among infinities", [values([2, 3], [Number.NaN, 0, Infinity, -Infinity, Number.NaN, 1e30])], isNaN, exact),
    opCase("of no elements", [normal(0)], isNaN, exact),
    opCase("of rank 5", [values([1, 2, 1, 2, 1], [1, Number.NaN, -0, 2])], isNaN, exact),
  ],
} as const;
