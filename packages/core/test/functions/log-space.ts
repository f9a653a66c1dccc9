import { normal, uniform, values } from "../../src/checks/op-cases/draw.js";
import { logSoftmax, logSumExp } from "../../src/functions/log-sum-exp.js";
import { log1p } from "../../src/functions/log1p.js";
import { softmax } from "../../src/functions/softmax.js";
import { softplus } from "../../src/functions/softplus.js";
import { xLogY } from "../../src/functions/x-log-y.js";
import { functionCase } from "./function-case.js";

const rows = (data: ArrayLike<number>, width: number) =>
  Array.from({ length: data.length / width }, (_, row) => Array.from(data).slice(row * width, (row + 1) * width));
const total = (elements: readonly number[]) => elements.reduce((a, b) => a + b, 0);

export const logSpaceCases = {
  "log-sum-exp": [
    functionCase(
      "over the last axis",
      [normal(3, 4)],
      (x) => logSumExp(x, { axes: [-1] }),
      (x) => rows(x, 4).map((row) => Math.log(total(row.map(Math.exp)))),
    ),
    functionCase(
      "of everything, kept",
      [normal(2, 3)],
      (x) => logSumExp(x, { keepDims: true }),
      (x) => [Math.log(total(Array.from(x, Math.exp)))],
    ),
    functionCase(
      "at ±1e30 and infinities",
      [
        values(
          [6, 3],
          [
            1e30,
            -1e30,
            0,
            1e30,
            1e30,
            1e30,
            -1e30,
            -1e30,
            -1e30,
            -Infinity,
            -Infinity,
            -Infinity,
            -Infinity,
            2,
            -Infinity,
            Infinity,
            1,
            -Infinity,
          ],
        ),
      ],
      (x) => logSumExp(x, { axes: [1] }),
      () => [1e30, 1e30, -1e30, -Infinity, 2, Infinity],
      { differentiable: [] },
    ),
    functionCase(
      "as log softmax",
      [normal(2, 3)],
      (x) => logSoftmax(x),
      (x) => rows(x, 3).flatMap((row) => row.map((element) => element - Math.log(total(row.map(Math.exp))))),
    ),
    functionCase(
      "as log softmax over the first axis",
      [normal(3, 2)],
      (x) => logSoftmax(x, 0),
      (x) =>
        Array.from(
          x,
          (element, at) =>
            element - Math.log(Math.exp(x[at % 2]!) + Math.exp(x[(at % 2) + 2]!) + Math.exp(x[(at % 2) + 4]!)),
        ),
    ),
  ],
  log1p: [
    functionCase("of ordinary numbers", [uniform(-0.9, 5, 7)], log1p, (x) => Array.from(x, Math.log1p)),
    functionCase(
      "at its ends",
      [values([5], [-1, 0, 1e-300, 1e300, Infinity])],
      log1p,
      () => [-Infinity, 0, 1e-300, Math.log(1e300), Infinity],
      {
        differentiable: [],
      },
    ),
  ],
  softmax: [
    functionCase(
      "over the last axis",
      [normal(3, 4)],
      (x) => softmax(x),
      (x) => rows(x, 4).flatMap((row) => row.map((element) => Math.exp(element) / total(row.map(Math.exp)))),
    ),
    functionCase(
      "over the first axis",
      [normal(2, 3)],
      (x) => softmax(x, 0),
      (x) => Array.from(x, (element, at) => Math.exp(element) / (Math.exp(x[at % 3]!) + Math.exp(x[(at % 3) + 3]!))),
    ),
    functionCase(
      "at ±1e30",
      [values([3, 2], [1e30, -1e30, 1e30, 1e30, -1e30, -Infinity])],
      (x) => softmax(x),
      () => [1, 0, 0.5, 0.5, 1, 0],
      {
        differentiable: [],
      },
    ),
  ],
  softplus: [
    functionCase("of ordinary numbers", [normal(9)], softplus, (x) =>
      Array.from(x, (element) => Math.log(1 + Math.exp(element))),
    ),
    functionCase(
      "in its tails",
      [values([5], [1e30, -1e30, 800, -700, 0])],
      softplus,
      () => [1e30, 0, 800, Math.exp(-700), Math.LN2],
      {
        differentiable: [],
      },
    ),
  ],
  "x-log-y": [
    functionCase("of positive numbers", [uniform(0.1, 2, 5), uniform(0.1, 2, 5)], xLogY, (x, y) =>
      Array.from(x, (element, at) => element * Math.log(y[at]!)),
    ),
    functionCase(
      "where x is 0",
      [values([4], [0, 0, 0, -0]), values([4], [0, 1, Infinity, 0.5])],
      xLogY,
      () => [0, 0, 0, 0],
      {
        // By y it is 0 everywhere near; by x it is log y, and 0 only by agreement.
        differentiable: [],
      },
    ),
  ],
} as const;
