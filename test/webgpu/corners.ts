import {
  abs,
  add,
  argTopK,
  type Backend,
  cos,
  type DType,
  div,
  erf,
  exp,
  log,
  max,
  maximum,
  maxPool,
  min,
  mul,
  ndarray,
  neg,
  pow,
  relu,
  reshape,
  sigmoid,
  sin,
  slice,
  sqrt,
  sum,
  type Tensor,
  tanh,
} from "@semblance/core";
import { expectLikeReference } from "../../packages/backend-ort/test/compare.js";
import type { Judgements } from "./judgements.js";

const row = (...values: number[]) => ndarray("float32", [values.length], values);

const UNARY = { abs, cos, erf, exp, log, neg, relu, sigmoid, sin, sqrt, tanh };
const NAN = row(Number.NaN, 0.25, Number.NaN, 3);
const POINTS = row(
  -20,
  -5,
  -3,
  -1,
  -0.7,
  -0.6,
  -0.3,
  -1e-3,
  -1e-6,
  -1e-20,
  1e-20,
  1e-9,
  1e-4,
  0.01,
  0.5,
  0.62,
  0.9,
  2,
  4,
  9,
);

/** Numbers at which graphics devices go wrong in silence, beyond those of the conformance suite. */
export function cornersOf(_dtypes: readonly DType[] | undefined): Judgements {
  const judgements: Record<string, (backend: Backend) => Promise<void>> = {};
  for (const [name, f] of Object.entries(UNARY)) {
    judgements[`corners: ${name} keeps NaN`] = (backend) => expectLikeReference(backend, [NAN], f, { tolerance: 5e-6 });
    // Relative to max(1, |y|), and near 0 relative to the number itself where the function is odd.
    const relative = f === tanh || f === erf || f === sigmoid || f === neg;
    judgements[`corners: ${name} from 1e−20 to 20`] = (backend) =>
      expectLikeReference(backend, [POINTS], f, { tolerance: relative ? 2e-5 : 5e-6, relative });
  }
  const compared = (
    title: string,
    arrays: Parameters<typeof expectLikeReference>[1],
    build: (...x: Tensor[]) => Tensor[],
  ) => {
    judgements[`corners: ${title}`] = (backend) => expectLikeReference(backend, arrays, build, { tolerance: 2e-6 });
  };
  compared("NaN goes through sums, products and comparisons", [row(1, Number.NaN, 2), row(3, 4, 5)], (a, b) => [
    add(a!, b!),
    mul(a!, b!),
    div(b!, a!),
    maximum(a!, b!),
    maximum(b!, a!),
  ]);
  compared("NaN goes through reductions and pools, wherever it stands", [row(-1, Number.NaN, -2, -7)], (x) => [
    sum(x!),
    max(x!),
    min(x!),
    maxPool(reshape(x!, [1, 1, 2, 2]), { kernel: 2 }),
    max(slice(x!, { axis: 0, step: -1 })),
  ]);
  compared(
    "powers",
    [row(-2, -2, 0, 0, 0, -8, 2, 1, 9, 0.5), row(2, 3, 0, -1, 2, 1 / 3, 0.5, Infinity, 0.5, -3)],
    (a, b) => [pow(a!, b!), pow(reshape(a!, [10, 1]), reshape(b!, [1, 10]))],
  );
  compared("division by zero and infinity", [row(1, -1, 0, 1, 3), row(0, 0, 0, Infinity, 7)], (a, b) => [div(a!, b!)]);
  compared("the order of infinities", [row(-Infinity, 0, Infinity, -1e30, 1)], (x) => [argTopK(x!, { axis: 0, k: 5 })]);
  for (let start = 0; start < 6; start++) {
    compared(`a slice backwards from ${start}`, [row(0, 1, 2, 3, 4, 5)], (x) => [
      slice(x!, { axis: 0, start, step: -1 }),
      slice(x!, { axis: 0, start, step: -2 }),
    ]);
  }
  return judgements;
}
