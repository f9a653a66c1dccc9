import { distinct, normal, typed, values } from "../../src/checks/op-cases/draw.js";
import { clamp } from "../../src/functions/clamp.js";
import { eye, full, iota, onesLike, zerosLike } from "../../src/functions/constants.js";
import { matrixTranspose } from "../../src/functions/matrix-transpose.js";
import { oneHot } from "../../src/functions/one-hot.js";
import { averageCotangent, firstMaximumCotangent } from "../../src/functions/pooling-cotangents.js";
import { square } from "../../src/functions/square.js";
import { stack } from "../../src/functions/stack.js";
import { sumTo } from "../../src/functions/sum-to.js";
import { sort, topK } from "../../src/functions/top-k.js";
import { unslice } from "../../src/functions/unslice.js";
import { cast } from "../../src/ops/cast.js";
import { maxPool } from "../../src/ops/max-pool.js";
import { mul } from "../../src/ops/mul.js";
import { functionCase } from "./function-case.js";

export const arrangementCases = {
  clamp: [
    functionCase(
      "on both sides",
      [distinct(9)],
      (x) => clamp(x, -0.5, 0.6),
      (x) => Array.from(x, (element) => Math.min(Math.max(element, -0.5), 0.6)),
    ),
  ],
  constants: [
    functionCase(
      "beside a tensor",
      [normal(2, 2)],
      (x) => [mul(x, full([2, 1], 3, x.dtype)), zerosLike(x), onesLike(x)],
      (x) => [Array.from(x, (element) => 3 * element), [0, 0, 0, 0], [1, 1, 1, 1]],
    ),
    functionCase(
      "that count and select",
      [normal(3)],
      (x) => [mul(x, cast(iota(3), x.dtype)), mul(x, eye(3, x.dtype))],
      (x) => [
        [0 * x[0]!, x[1]!, 2 * x[2]!],
        [x[0]!, 0 * x[1]!, 0 * x[2]!, 0 * x[0]!, x[1]!, 0 * x[2]!, 0 * x[0]!, 0 * x[1]!, x[2]!],
      ],
    ),
  ],
  "matrix-transpose": [
    functionCase("of a batch", [normal(2, 2, 3)], matrixTranspose, (x) => {
      const out: number[] = [];
      for (let b = 0; b < 2; b++)
        for (let j = 0; j < 3; j++) for (let i = 0; i < 2; i++) out.push(x[b * 6 + i * 3 + j]!);
      return out;
    }),
  ],
  "one-hot": [
    functionCase(
      "with indices outside",
      [typed("int32", [2, 2], [2, 0, -1, 3])],
      (x) => oneHot(x, 3, "float64"),
      () => [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    ),
  ],
  "pooling-cotangents": [
    functionCase(
      "of a mean, shared by the covered elements",
      [normal(1, 1, 4), normal(1, 1, 3)],
      // Windows of 3 every 2, one place of padding before and two after: they cover 2, 3 and 1 elements.
      (x, dy) => averageCotangent(x, dy, { kernel: [3], strides: [2], before: [1], after: [2] }),
      (_, dy) => [dy[0]! / 2, dy[0]! / 2 + dy[1]! / 3, dy[1]! / 3, dy[1]! / 3 + dy[2]!],
    ),
    functionCase(
      "of a maximum, to the first that attains it",
      [values([1, 1, 6], [2, 2, -1, 5, 5, 5]), normal(1, 1, 3)],
      (x, dy) => {
        const pool = { kernel: [2], strides: [2], before: [0], after: [0] };
        return firstMaximumCotangent(x, maxPool(x, { kernel: 2 }), dy, pool);
      },
      (_, dy) => [dy[0]!, 0, 0, dy[1]!, dy[2]!, 0],
      { differentiable: [1] },
    ),
  ],
  square: [functionCase("of numbers", [normal(5)], square, (x) => Array.from(x, (element) => element ** 2))],
  stack: [
    functionCase(
      "along a new first axis",
      [normal(2), normal(2)],
      (a, b) => stack([a, b]),
      (a, b) => [...Array.from(a), ...Array.from(b)],
    ),
    functionCase(
      "along a new last axis",
      [normal(2), normal(2)],
      (a, b) => stack([a, b], -1),
      (a, b) => [a[0]!, b[0]!, a[1]!, b[1]!],
    ),
  ],
  "sum-to": [
    functionCase(
      "over repeated and leading axes",
      [normal(2, 3, 2)],
      (x) => sumTo(x, [3, 1]),
      (x) => [0, 1, 2].map((row) => x[2 * row]! + x[2 * row + 1]! + x[6 + 2 * row]! + x[7 + 2 * row]!),
    ),
    functionCase(
      "to a scalar",
      [normal(2, 2)],
      (x) => sumTo(x, []),
      (x) => [x[0]! + x[1]! + x[2]! + x[3]!],
    ),
    functionCase(
      "of a smaller shape repeats",
      [normal(2)],
      (x) => sumTo(x, [2, 2]),
      (x) => [x[0]!, x[1]!, x[0]!, x[1]!],
    ),
  ],
  "top-k": [
    functionCase(
      "of the largest",
      [distinct(2, 4)],
      (x) => topK(x, { axis: 1, k: 2 }).values,
      (x) =>
        [0, 1].flatMap((row) =>
          Array.from(x)
            .slice(row * 4, row * 4 + 4)
            .sort((a, b) => b - a)
            .slice(0, 2),
        ),
    ),
    functionCase(
      "as a sort",
      [distinct(6)],
      (x) => [sort(x, { axis: 0 }), sort(x, { axis: 0, descending: true })],
      (x) => [Array.from(x).sort((a, b) => a - b), Array.from(x).sort((a, b) => b - a)],
    ),
  ],
  unslice: [
    functionCase(
      "of a slice with steps, one backwards",
      [normal(2, 2)],
      (x) => unslice(x, [3, 4], { starts: [0, 3], sizes: [2, 2], steps: [2, -2] }),
      (x) => [0, x[1]!, 0, x[0]!, 0, 0, 0, 0, 0, x[3]!, 0, x[2]!],
    ),
    functionCase(
      "of nothing",
      [normal(0)],
      (x) => unslice(x, [2], { starts: [1], sizes: [0], steps: [1] }),
      () => [0, 0],
    ),
  ],
} as const;
