import type { DType } from "../../arrays/dtype.js";
import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import { defineHostOperator, type HostOperator } from "../../ir/host-operator.js";
import { add } from "../../ops/add.js";
import { constant } from "../../ops/constant.js";
import { callHost } from "../../ops/host-call.js";
import { mul } from "../../ops/mul.js";
import { neg } from "../../ops/neg.js";
import { normal, truths, values, whole } from "./draw.js";
import { EXACT, type OpCase, opCase } from "./op-case.js";

const moved = { tolerance: EXACT };
const ALL: readonly DType[] = ["float32", "float64", "int32", "bool"];
const NUMBERS: readonly DType[] = ["float32", "float64", "int32"];

/** Reverses a vector and doubles it, on the host: two outputs, each linear. */
const reverseAndDouble: HostOperator<null> = defineHostOperator<null>({
  name: "test/reverse-and-double",
  infer: ([x]) => [x!, x!],
  run: ([x]): NdArray[] => [
    { ...x!, data: x!.data.slice().reverse() },
    { ...x!, data: x!.data.map((element) => 2 * element) as NdArray["data"] },
  ],
  vjp: ({ cotangents: [reversed, doubled] }) => {
    const back = reversed ? callHost(reverseAndDouble, [reversed], null)[0]! : undefined;
    const twice = doubled ? mul(doubled, 2) : undefined;
    return [back && twice ? add(back, twice) : (back ?? twice ?? null)];
  },
});

export const leavesCases = {
  // A program may return what it was fed: the result is a copy.
  input: [
    opCase("returned as it is", [normal(2, 3)], (x) => x, { ...moved, differentiable: [0] }),
    opCase("returned twice", [normal(3)], (x) => [x, x], moved),
    opCase("of special numbers", [values([7], [0, -0, 1e30, 1e-30, Infinity, -Infinity, Number.NaN])], (x) => x, moved),
    opCase("of int32", [whole(-9, 9, 4)], (x) => x, { ...moved, dtypes: ["int32"] }),
    opCase("of booleans", [truths(4)], (x) => x, { ...moved, dtypes: ["bool"] }),
    opCase("without axes", [normal()], (x) => x, moved),
    opCase("of no elements", [normal(0, 3)], (x) => x, moved),
    opCase("left unread", [normal(3), normal(2)], (x) => neg(x), moved),
  ],
  constant: [
    {
      ...opCase("returned as it is", [], () => [], { ...moved, dtypes: ALL }),
      build: (_, dtype) => constant(ndarray(dtype, [2, 2], [1, 0, 1, 1])),
    },
    {
      ...opCase("without axes", [], () => [], { ...moved, dtypes: ALL }),
      build: (_, dtype) => constant(ndarray(dtype, [], [1])),
    },
    {
      ...opCase("of no elements", [], () => [], { ...moved, dtypes: ALL }),
      build: (_, dtype) => constant(ndarray(dtype, [0, 2], [])),
    },
    {
      ...opCase("beside an input", [whole(-9, 9, 3)], () => [], { ...moved, dtypes: NUMBERS }),
      build: ([x], dtype) => add(x!, constant(ndarray(dtype, [2, 1], [1, -2]))),
    },
    {
      ...opCase("of ±0, 1e±30 and infinities", [], () => [], moved),
      build: (_, dtype) => constant(ndarray(dtype, [6], [0, -0, 2 ** 99, 2 ** -99, Infinity, -Infinity])),
    },
  ],
  hostCall: [
    opCase("with both outputs", [normal(5)], (x) => callHost(reverseAndDouble, [x], null), {
      ...moved,
      differentiable: [0],
    }),
    opCase(
      "with one output between device work",
      [normal(4)],
      (x) => neg(callHost(reverseAndDouble, [neg(x)], null)[1]!),
      {
        ...moved,
        differentiable: [0],
      },
    ),
    opCase(
      "in a chain",
      [normal(3)],
      (x) => callHost(reverseAndDouble, [callHost(reverseAndDouble, [x], null)[0]!], null)[1]!,
      {
        ...moved,
        differentiable: [0],
      },
    ),
    opCase("of int32", [whole(-9, 9, 4)], (x) => callHost(reverseAndDouble, [x], null), {
      ...moved,
      dtypes: ["int32"],
    }),
    opCase("of no elements", [normal(0)], (x) => callHost(reverseAndDouble, [x], null), moved),
  ],
} as const satisfies Record<string, readonly OpCase[]>;
