import { cast } from "../../ops/cast.js";
import { concat } from "../../ops/concat.js";
import { expand } from "../../ops/expand.js";
import { identity } from "../../ops/identity.js";
import { pad } from "../../ops/pad.js";
import { reshape } from "../../ops/reshape.js";
import { slice, sliceAxes } from "../../ops/slice.js";
import { stopGradient } from "../../ops/stop-gradient.js";
import { transpose } from "../../ops/transpose.js";
import { normal, truths, typed, values, whole } from "./draw.js";
import { EXACT, opCase } from "./op-case.js";

const moved = { tolerance: EXACT };
/** Movement is linear, so it is smooth everywhere. */
const linear = { tolerance: EXACT, differentiable: [0] };
const int32 = { tolerance: EXACT, dtypes: ["int32"] as const };
const bool = { tolerance: EXACT, dtypes: ["bool"] as const };
const SPECIAL = values([7], [0, -0, 1e30, -1e-30, Infinity, -Infinity, Number.NaN]);

export const movementCases = {
  identity: [
    opCase("of a matrix", [normal(2, 3)], identity, linear),
    opCase("of special numbers", [SPECIAL], identity, moved),
    opCase("of int32", [whole(-9, 9, 4)], identity, int32),
    opCase("of booleans", [truths(4)], identity, bool),
    opCase("of no elements", [normal(0)], identity, linear),
  ],
  stopGradient: [
    opCase("of a matrix", [normal(2, 3)], stopGradient, moved),
    opCase("of int32", [whole(-9, 9, 4)], stopGradient, int32),
    opCase("of booleans", [truths(4)], stopGradient, bool),
    opCase("of special numbers", [SPECIAL], stopGradient, moved),
  ],
  cast: [
    opCase(
      "between the float types",
      [values([5], [0.5, -0, 1e30, 1e-30, 3])],
      (x) => cast(cast(x, "float32"), "float64"),
      {
        relative: true,
        dtypes: ["float64"],
        // 1e±30 and the rest are rounded to float32 on the way.
        tolerance: { float32: 2e-7, float64: 2e-7 },
      },
    ),
    opCase("of float32 to float64", [normal(2, 3)], (x) => cast(x, "float64"), { ...linear, dtypes: ["float32"] }),
    opCase(
      "of floats to int32, towards zero",
      [values([8], [-2.9, -1.5, -0.5, 0, 0.5, 1.5, 2.9, 1e6])],
      (x) => cast(x, "int32"),
      moved,
    ),
    // A cast that truncates to a byte makes 256 and 0.5 false.
    opCase(
      "of floats to booleans",
      [values([7], [0, -0, 0.5, 256, -1e-30, 1e30, Infinity])],
      (x) => cast(x, "bool"),
      moved,
    ),
    opCase("of int32 to floats", [whole(-1000, 1000, 6)], (x) => [cast(x, "float32"), cast(x, "bool")], int32),
    opCase("of int32 to booleans", [typed("T", [4], [0, 256, -1, 65536])], (x) => cast(x, "bool"), int32),
    opCase("of booleans to numbers", [truths(2, 5)], (x) => [cast(x, "float32"), cast(x, "int32")], bool),
    opCase("of a scalar", [values([], [3.7])], (x) => cast(x, "int32"), moved),
    opCase("of no elements", [normal(0, 2)], (x) => cast(x, "int32"), moved),
  ],
  reshape: [
    opCase("of a matrix to a vector", [normal(2, 3)], (x) => reshape(x, [6]), linear),
    opCase("with an extent worked out", [normal(2, 3, 4)], (x) => reshape(x, [4, -1]), linear),
    opCase("to a scalar", [normal(1, 1)], (x) => reshape(x, []), linear),
    opCase("of a scalar to rank 6", [normal()], (x) => reshape(x, [1, 1, 1, 1, 1, 1]), linear),
    opCase("of no elements", [normal(0, 3)], (x) => reshape(x, [3, 0, 2]), linear),
    opCase("of int32", [whole(-9, 9, 2, 3)], (x) => reshape(x, [3, 2]), int32),
    opCase("of booleans", [truths(2, 3)], (x) => reshape(x, [3, 2]), bool),
  ],
  transpose: [
    opCase("of a matrix", [normal(2, 3)], (x) => transpose(x), linear),
    // Not its own inverse, so that a rule which forgets to invert is caught.
    opCase("by a rotation of axes", [normal(2, 3, 4)], (x) => transpose(x, [1, 2, 0]), linear),
    opCase("of rank 6", [normal(2, 1, 3, 1, 2, 2)], (x) => transpose(x, [5, 2, 0, 4, 1, 3]), linear),
    opCase("of a scalar", [normal()], (x) => transpose(x), linear),
    opCase("of no elements", [normal(0, 2, 3)], (x) => transpose(x, [2, 0, 1]), linear),
    opCase("of int32", [whole(-9, 9, 2, 3)], (x) => transpose(x), int32),
    opCase("of booleans", [truths(2, 3)], (x) => transpose(x), bool),
  ],
  expand: [
    opCase("of a scalar", [normal()], (x) => expand(x, [2, 3]), linear),
    opCase("of a column", [normal(3, 1)], (x) => expand(x, [3, 4]), linear),
    opCase("with new leading axes", [normal(2, 1)], (x) => expand(x, [2, 3, 2, 2]), linear),
    opCase("to rank 6", [normal(1, 3, 1, 2)], (x) => expand(x, [2, 1, 2, 3, 2, 2]), linear),
    opCase("to no elements", [normal(1, 3)], (x) => expand(x, [0, 3]), linear),
    opCase("of int32", [whole(-9, 9, 3, 1)], (x) => expand(x, [3, 2]), int32),
    opCase("of booleans", [truths(1, 4)], (x) => expand(x, [3, 4]), bool),
  ],
  slice: [
    opCase("of the middle", [normal(6, 3)], (x) => slice(x, { axis: 0, start: 1, end: 4 }), linear),
    opCase("counted from the end", [normal(2, 6)], (x) => slice(x, { axis: 1, start: -4, end: -1 }), linear),
    opCase("with a step", [normal(7)], (x) => slice(x, { axis: 0, start: 1, step: 3 }), linear),
    opCase("reversed", [normal(2, 5)], (x) => slice(x, { axis: 1, step: -1 }), linear),
    opCase("backwards in steps", [normal(8)], (x) => slice(x, { axis: 0, start: 6, end: 0, step: -2 }), linear),
    opCase(
      "of all axes at once",
      [normal(4, 5, 6)],
      (x) => sliceAxes(x, { starts: [3, 0, 5], sizes: [2, 3, 2], steps: [-2, 2, -4] }),
      linear,
    ),
    opCase(
      "of rank 6",
      [normal(2, 3, 1, 3, 2, 2)],
      (x) => sliceAxes(x, { starts: [1, 0, 0, 2, 0, 1], sizes: [1, 2, 1, 3, 2, 2], steps: [1, 2, 1, -1, 1, -1] }),
      linear,
    ),
    opCase("of one element", [normal(3)], (x) => slice(x, { axis: 0, start: 1, end: 2 }), linear),
    opCase("of nothing", [normal(3, 2)], (x) => slice(x, { axis: 0, start: 2, end: 2 }), linear),
    opCase("of int32", [whole(-9, 9, 5)], (x) => slice(x, { axis: 0, step: -2 }), int32),
    opCase("of booleans", [truths(5)], (x) => slice(x, { axis: 0, step: 2 }), bool),
  ],
  pad: [
    opCase("with zeros", [normal(2, 3)], (x) => pad(x, { before: [1, 0], after: [0, 2] }), linear),
    opCase("with a number", [normal(3)], (x) => pad(x, { before: [2], after: [1], value: -1.5 }), linear),
    opCase(
      "with minus infinity",
      [normal(2, 2)],
      (x) => pad(x, { before: [0, 1], after: [1, 1], value: Number.NEGATIVE_INFINITY }),
      moved,
    ),
    opCase(
      "of rank 5",
      [normal(2, 1, 2, 1, 2)],
      (x) => pad(x, { before: [0, 1, 0, 1, 0], after: [1, 0, 0, 1, 1] }),
      linear,
    ),
    opCase(
      "of rank 6",
      [normal(1, 2, 1, 2, 1, 2)],
      (x) => pad(x, { before: [1, 0, 0, 0, 1, 0], after: [0, 0, 1, 0, 0, 1] }),
      linear,
    ),
    opCase("of no elements", [normal(0, 2)], (x) => pad(x, { before: [1, 0], after: [1, 1], value: 3 }), linear),
    opCase("of int32", [whole(-9, 9, 2, 2)], (x) => pad(x, { before: [1, 1], after: [0, 0], value: 7 }), int32),
    opCase("of booleans", [truths(3)], (x) => pad(x, { before: [1], after: [1], value: 1 }), bool),
  ],
  concat: [
    opCase("of rows", [normal(2, 3), normal(1, 3)], (a, b) => concat([a, b], 0), { ...linear, differentiable: [0, 1] }),
    opCase(
      "of columns of different widths",
      [normal(2, 1), normal(2, 3), normal(2, 2)],
      (a, b, c) => concat([a, b, c], -1),
      {
        ...linear,
        differentiable: [0, 1, 2],
      },
    ),
    opCase("of rank 6", [normal(1, 2, 1, 2, 1, 2), normal(1, 2, 1, 1, 1, 2)], (a, b) => concat([a, b], 3), {
      ...linear,
      differentiable: [0, 1],
    }),
    opCase("of a tensor with itself", [normal(2, 2)], (x) => concat([x, x, x], 1), linear),
    opCase("with one that has no elements", [normal(2, 0), normal(2, 2)], (a, b) => concat([a, b], 1), {
      ...linear,
      differentiable: [0, 1],
    }),
    opCase("of none but empty ones", [normal(0, 2), normal(0, 2)], (a, b) => concat([a, b], 0), moved),
    opCase("of int32", [whole(-9, 9, 2), whole(-9, 9, 3)], (a, b) => concat([a, b], 0), int32),
    opCase("of booleans", [truths(2), truths(3)], (a, b) => concat([a, b], 0), bool),
  ],
} as const;
