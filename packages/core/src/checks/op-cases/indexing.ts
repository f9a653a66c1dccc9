import { gather, gatherDistinct } from "../../ops/gather.js";
import { gatherElements } from "../../ops/gather-elements.js";
import { scatterElements } from "../../ops/scatter-elements.js";
import { indices, normal, truths, typed, values, whole } from "./draw.js";
import { EXACT, opCase, SUMMED } from "./op-case.js";

const linear = { tolerance: EXACT, differentiable: [0] };
const int32 = { tolerance: EXACT, dtypes: ["int32"] as const };
const bool = { tolerance: EXACT, dtypes: ["bool"] as const };
/** Indices are fed, so only running the program can find them wrong. A negative one does not count from the end. */
const refused = { refused: true };

export const indexingCases = {
  gather: [
    opCase("of rows, some twice", [normal(4, 3), indices(4, 6)], (x, at) => gather(x, at), linear),
    opCase("of columns", [normal(3, 4), indices(4, 2)], (x, at) => gather(x, at, 1), linear),
    opCase("by a matrix of indices", [normal(5, 2), indices(5, 2, 3)], (x, at) => gather(x, at, 0), linear),
    opCase("by a scalar", [normal(3, 2), typed("int32", [], [2])], (x, at) => gather(x, at, 0), linear),
    opCase(
      "of a middle axis of rank 5",
      [normal(2, 1, 3, 1, 2), indices(3, 2, 2)],
      (x, at) => gather(x, at, 2),
      linear,
    ),
    opCase("of elements of a vector", [normal(5), indices(5, 7)], (x, at) => gather(x, at, -1), linear),
    opCase(
      "of rows of which none is taken twice",
      [normal(5, 3), typed("int32", [4], [3, 0, 4, 1])],
      (x, at) => gatherDistinct(x, at),
      linear,
    ),
    opCase(
      "of columns of which none is taken twice",
      [normal(2, 4), typed("int32", [3], [2, 0, 3])],
      (x, at) => gatherDistinct(x, at, 1),
      linear,
    ),
    opCase("by no indices", [normal(3, 2), indices(3, 0)], (x, at) => gather(x, at, 0), linear),
    opCase("of rows without elements", [normal(3, 0), indices(3, 2)], (x, at) => gather(x, at, 0), linear),
    opCase("of int32", [whole(-99, 99, 4, 2), indices(4, 3)], (x, at) => gather(x, at, 0), int32),
    opCase("of booleans", [truths(4, 2), indices(4, 3)], (x, at) => gather(x, at, 0), bool),
    opCase("past the end", [normal(3, 2), typed("int32", [2], [0, 3])], (x, at) => gather(x, at, 0), refused),
    opCase("before the start", [normal(3, 2), typed("int32", [2], [-1, 0])], (x, at) => gather(x, at, 0), refused),
  ],
  gatherElements: [
    opCase("along the last axis", [normal(3, 4), indices(4, 3, 2)], (x, at) => gatherElements(x, at, 1), linear),
    opCase(
      "along the first axis, longer than x",
      [normal(2, 3), indices(2, 5, 3)],
      (x, at) => gatherElements(x, at, 0),
      linear,
    ),
    opCase("of a vector", [normal(4), indices(4, 6)], (x, at) => gatherElements(x, at, 0), linear),
    opCase(
      "of rank 5",
      [normal(2, 1, 3, 1, 2), indices(3, 2, 1, 4, 1, 2)],
      (x, at) => gatherElements(x, at, 2),
      linear,
    ),
    opCase("of none", [normal(2, 3), indices(3, 2, 0)], (x, at) => gatherElements(x, at, 1), linear),
    opCase("of int32", [whole(-99, 99, 2, 4), indices(4, 2, 4)], (x, at) => gatherElements(x, at, 1), int32),
    opCase("of booleans", [truths(2, 4), indices(4, 2, 4)], (x, at) => gatherElements(x, at, 1), bool),
    opCase(
      "past the end",
      [normal(2, 2), typed("int32", [2, 1], [1, 2])],
      (x, at) => gatherElements(x, at, 1),
      refused,
    ),
    opCase(
      "before the start",
      [normal(2, 2), typed("int32", [2, 1], [-1, 1])],
      (x, at) => gatherElements(x, at, 1),
      refused,
    ),
  ],
  scatterElements: [
    opCase(
      "with duplicates that add up",
      [normal(2, 5), indices(3, 2, 5)],
      (x, at) => scatterElements(x, at, { axis: 1, size: 3 }),
      {
        tolerance: SUMMED,
        differentiable: [0],
      },
    ),
    opCase(
      "all to one place",
      [normal(6), typed("int32", [6], [2, 2, 2, 2, 2, 2])],
      (x, at) => scatterElements(x, at, { axis: 0, size: 4 }),
      {
        tolerance: SUMMED,
        differentiable: [0],
      },
    ),
    opCase(
      "along the first axis",
      [normal(3, 2), indices(5, 3, 2)],
      (x, at) => scatterElements(x, at, { axis: 0, size: 5 }),
      {
        tolerance: SUMMED,
        differentiable: [0],
      },
    ),
    opCase(
      "of rank 5",
      [normal(2, 1, 3, 1, 2), indices(4, 2, 1, 3, 1, 2)],
      (x, at) => scatterElements(x, at, { axis: -3, size: 4 }),
      {
        tolerance: SUMMED,
        differentiable: [0],
      },
    ),
    opCase(
      "of nothing gives zeros",
      [normal(2, 0), indices(3, 2, 0)],
      (x, at) => scatterElements(x, at, { axis: 1, size: 3 }),
      linear,
    ),
    opCase(
      "of 1e±30",
      [values([4], [1e30, -1e30, 1e-30, 1e-30]), typed("int32", [4], [0, 0, 1, 1])],
      (x, at) => scatterElements(x, at, { axis: 0, size: 2 }),
      {
        relative: true,
      },
    ),
    opCase(
      "past the end",
      [normal(3), typed("int32", [3], [0, 1, 2])],
      (x, at) => scatterElements(x, at, { axis: 0, size: 2 }),
      refused,
    ),
    opCase(
      "before the start",
      [normal(2), typed("int32", [2], [0, -1])],
      (x, at) => scatterElements(x, at, { axis: 0, size: 2 }),
      refused,
    ),
  ],
} as const;
