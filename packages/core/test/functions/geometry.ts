import { distinct, normal, uniform } from "../../src/checks/op-cases/draw.js";
import { compareRows } from "../../src/functions/compare-rows.js";
import {
  pairwiseChebyshevDistances,
  pairwiseDifferences,
  pairwiseDistances,
  pairwiseInnerProducts,
  pairwiseManhattanDistances,
  pairwiseSquaredDistances,
} from "../../src/functions/pairwise.js";
import { square } from "../../src/functions/square.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { mul } from "../../src/ops/mul.js";
import { sum } from "../../src/ops/sum.js";
import { functionCase } from "./function-case.js";

/** Calls f with the components of every pair of rows of x [3, 2] and y [4, 2]. */
function pairs<Result>(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  f: (a: readonly [number, number], b: readonly [number, number]) => Result,
): Result[] {
  const out: Result[] = [];
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 4; j++) out.push(f([x[2 * i]!, x[2 * i + 1]!], [y[2 * j]!, y[2 * j + 1]!]));
  return out;
}

const x = normal(3, 2);
const y = normal(4, 2);
/** Components that neither coincide nor tie, for distances with kinks. */
const apartX = distinct(3, 2);
const apartY = uniform(10, 20, 4, 2);
const squared = (a: readonly [number, number], b: readonly [number, number]) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;

/** ‖a‖²·a·b: what is asked for first counts more. */
const lopsided = {
  symmetric: false,
  matrix: (a: Tensor, b: Tensor) => mul(sum(square(a), { axes: [1], keepDims: true }), pairwiseInnerProducts(a, b)),
};

const square4 = (of: (row: number, column: number) => number) =>
  Array.from({ length: 16 }, (_, at) => of(Math.floor(at / 4), at % 4));

const lopsidedOf = (rows: ArrayLike<number>) => (i: number, j: number) =>
  (rows[2 * i]! ** 2 + rows[2 * i + 1]! ** 2) * (rows[2 * i]! * rows[2 * j]! + rows[2 * i + 1]! * rows[2 * j + 1]!);

const unitRows = (rows: ArrayLike<number>) =>
  Array.from(rows, (value, at) => value / Math.hypot(rows[at - (at % 2)]!, rows[at - (at % 2) + 1]!));

export const geometryCases = {
  "compare-rows": [
    functionCase(
      "anchor first",
      [y],
      (a) => compareRows(lopsided, a, { normalise: false, order: "anchor-first" }),
      (a) => [square4(lopsidedOf(a))],
    ),
    functionCase(
      "anchor second",
      [y],
      (a) => compareRows(lopsided, a, { normalise: false, order: "anchor-second" }),
      (a) => [square4((i, j) => lopsidedOf(a)(j, i))],
    ),
    functionCase(
      "both, of unit rows",
      [y],
      (a) => compareRows(lopsided, a, { normalise: true, order: "both" }),
      (a) => {
        const of = lopsidedOf(unitRows(a));
        return [square4((i, j) => (of(i, j) + of(j, i)) / 2)];
      },
    ),
  ],
  pairwise: [
    functionCase("inner products", [x, y], pairwiseInnerProducts, (a, b) =>
      pairs(a, b, (p, q) => p[0] * q[0] + p[1] * q[1]),
    ),
    functionCase("differences", [x, y], pairwiseDifferences, (a, b) =>
      pairs(a, b, (p, q) => [p[0] - q[0], p[1] - q[1]]).flat(),
    ),
    functionCase(
      "squared distances, direct",
      [x, y],
      (a, b) => pairwiseSquaredDistances(a, b, "direct"),
      (a, b) => pairs(a, b, squared),
    ),
    functionCase(
      "squared distances, by inner products",
      [x, y],
      (a, b) => pairwiseSquaredDistances(a, b, "gram"),
      (a, b) => pairs(a, b, squared),
    ),
    functionCase(
      "distances, direct",
      [x, y],
      (a, b) => pairwiseDistances(a, b, "direct"),
      (a, b) => pairs(a, b, (p, q) => Math.sqrt(squared(p, q))),
    ),
    functionCase(
      "distances, by inner products",
      [x, y],
      (a, b) => pairwiseDistances(a, b, "gram"),
      (a, b) => pairs(a, b, (p, q) => Math.sqrt(squared(p, q))),
    ),
    functionCase("Manhattan distances", [apartX, apartY], pairwiseManhattanDistances, (a, b) =>
      pairs(a, b, (p, q) => Math.abs(p[0] - q[0]) + Math.abs(p[1] - q[1])),
    ),
    functionCase("Chebyshev distances", [apartX, apartY], pairwiseChebyshevDistances, (a, b) =>
      pairs(a, b, (p, q) => Math.max(Math.abs(p[0] - q[0]), Math.abs(p[1] - q[1]))),
    ),
  ],
} as const;
