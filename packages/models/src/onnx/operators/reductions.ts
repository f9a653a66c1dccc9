import {
  abs,
  argMax,
  cast,
  concat,
  cumulativeSum,
  exp,
  isFloat,
  log,
  logSumExp,
  max,
  mean,
  min,
  mul,
  neg,
  reshape,
  rootOrZero,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  topK,
} from "@semblance/core";
import type { Call, Given, Operator } from "../translate/call.js";
import { axesOf, axisOf, unsqueezed } from "./broadcasting.js";

interface Axes {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** A reduction; its axes are an input since operator set 18 (of ReduceSum since 13), and an attribute before. */
const reduced = (f: (x: Tensor, axes: Axes) => Tensor, { inputSince = 18, ordersOnly = false } = {}): Operator => ({
  translate(call) {
    const x = ordersOnly ? call.x(0) : call.number(0);
    const given = call.opset >= inputSince ? (call.has(1) ? call.known(1) : undefined) : call.ints("axes");
    const none = given === undefined || given.length === 0;
    if (none && call.int("noop_with_empty_axes", 0) !== 0) return x;
    const axes = none ? x.shape.map((_, axis) => axis) : axesOf(call, given, x.rank);
    const options = { axes, keepDims: call.int("keepdims", 1) !== 0 };
    if (axes.length === 0) return f(reshape(x, [1]), { axes: [0], keepDims: false });
    return f(x, options);
  },
});

/** The largest or smallest; of truth values, whether any or all hold. */
const extreme = (f: typeof max): Operator =>
  reduced((x, axes) => (x.dtype === "bool" ? cast(f(cast(x, "int32"), axes), "bool") : f(x, axes)), {
    ordersOnly: true,
  });

/** Reductions, the places of extremes, and running sums. */
export const reductions: Readonly<Record<string, Operator>> = {
  ArgMax: { translate: (call) => place(call, call.x(0)) },
  ArgMin: { translate: (call) => place(call, neg(call.x(0))) },
  CumSum: { translate: runningSum },
  ReduceL1: reduced((x, axes) => sum(abs(x), axes)),
  ReduceL2: reduced((x, axes) => rootOrZero(sum(square(x), axes))),
  ReduceLogSum: reduced((x, axes) => log(sum(x, axes))),
  ReduceLogSumExp: reduced((x, axes) => logSumExp(x, axes)),
  ReduceMax: extreme(max),
  ReduceMean: reduced((x, axes) => mean(x, axes)),
  ReduceMin: extreme(min),
  ReduceProd: reduced(product),
  ReduceSum: reduced((x, axes) => sum(x, axes), { inputSince: 13 }),
  ReduceSumSquare: reduced((x, axes) => sum(square(x), axes)),
  TopK: { translate: largest },
};

/** Pairs of halves are multiplied until one element is left on each axis. */
export function product(x: Tensor, { axes, keepDims }: Axes): Tensor {
  let y = x;
  for (const axis of axes) {
    if (y.shape[axis] === 0) y = exp(sum(y, { axes: [axis], keepDims: true }));
    for (let extent = y.shape[axis]!; extent > 1; extent = y.shape[axis]!) {
      const half = Math.floor(extent / 2);
      const pairs = mul(slice(y, { axis, end: half }), slice(y, { axis, start: half, end: 2 * half }));
      if (extent % 2 === 0) y = pairs;
      else {
        const last = slice(y, { axis, start: extent - 1 });
        const first = mul(slice(pairs, { axis, end: 1 }), last);
        y = half === 1 ? first : concat([first, slice(pairs, { axis, start: 1 })], axis);
      }
    }
  }
  return keepDims
    ? y
    : reshape(
        y,
        y.shape.filter((_, axis) => !axes.includes(axis)),
      );
}

function place(call: Call, x: Tensor): Tensor {
  const axis = axisOf(call, call.int("axis", 0), x.rank);
  const fromBack = call.int("select_last_index", 0) !== 0;
  const found = argMax(fromBack ? slice(x, { axis, step: -1 }) : x, axis);
  const index = fromBack ? sub(x.shape[axis]! - 1, found) : found;
  return call.int("keepdims", 1) !== 0 ? unsqueezed(index, [axis]) : index;
}

function runningSum(call: Call): Tensor {
  const x = call.number(0);
  if (!isFloat(x.dtype)) throw call.unsupported("running sums of whole numbers have no primitive");
  const axis = axisOf(call, call.knownOne(1), x.rank);
  return cumulativeSum(x, {
    axis,
    exclusive: call.int("exclusive", 0) !== 0,
    reverse: call.int("reverse", 0) !== 0,
  });
}

/** Best first, which `sorted = 0` allows too. k is an attribute before operator set 10. */
function largest(call: Call): readonly Given[] {
  const x = call.x(0);
  const axis = axisOf(call, call.int("axis", -1), x.rank);
  const k = call.opset < 10 ? call.int("k", 0) : call.knownOne(1);
  const { values, indices } = topK(x, { axis, k, largest: call.int("largest", 1) !== 0 });
  return [values, { tensor: indices, type: "int64" }];
}
