import type { ReductionAttributes } from "@semblance/core";
import { isFloat, sizeOf } from "@semblance/core";
import type { KernelCall } from "../kernel.js";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";
import { reshaped } from "./movement.js";
import { scalar } from "./scalar.js";

/**
 * The largest or smallest element along axes. onnxruntime passes over NaN, which would hide a diverged value; it is looked for on the
 * side and comes through as everywhere else.
 */
export function extreme(op: "ReduceMax" | "ReduceMin") {
  return ({ graph, inputs, attributes: { axes, keepDims }, to }: KernelCall<ReductionAttributes>): Value => {
    const along = graph.int64(axes);
    const keepdims = keepDims ? 1 : 0;
    const [x] = inputs as [Value];
    const best = graph.node(op, [x, along], to, { keepdims });
    if (!isFloat(to.dtype)) return best;
    const lost = graph.node("IsNaN", [x], { shape: x.shape, dtype: "bool" });
    const anyLost = graph.node("ReduceMax", [lost, along], { shape: to.shape, dtype: "bool" }, { keepdims });
    return graph.node("Where", [anyLost, scalar(graph, Number.NaN, to.dtype), best], to);
  };
}

/** Up to this many float32 terms onnxruntime's running sum keeps a relative error below 1e-6; longer ones are summed in two stages. */
const LONGEST_RUN = 2048;

/**
 * Sum over axes. A float32 sum of many terms is cut in two stages of about √n terms each: onnxruntime adds naively, which is wrong by
 * 1.6e-4 at 4.2 M terms, and two stages are also faster.
 */
export function sum({ graph, inputs, attributes: { axes }, to }: KernelCall<ReductionAttributes>): Value {
  let x = inputs[0]!;
  const terms = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  if (isFloat(to.dtype) && terms > LONGEST_RUN) {
    const run = contiguous(axes) ? axes : [axes.at(-1)!];
    x = runSum(graph, x, run[0]!, run.length);
    // Axes that do not follow one another are reduced one after the other, innermost first: stages of their own.
    for (const axis of axes.filter((other) => !run.includes(other)).reverse()) x = runSum(graph, x, axis, 1);
    return reshaped(graph, x, to.shape);
  }
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return reshaped(graph, reduce(graph, x, axes, kept), to.shape);
}

const contiguous = (axes: readonly number[]) => axes.every((axis, at) => axis === axes[0]! + at);

function reduce(graph: GraphBuilder, x: Value, axes: readonly number[], shape: readonly number[]): Value {
  return graph.node("ReduceSum", [x, graph.int64(axes)], { shape, dtype: x.dtype }, { keepdims: 1 });
}

/** Sums `count` neighbouring axes from `first` on, which stay with extent 1. */
function runSum(graph: GraphBuilder, x: Value, first: number, count: number): Value {
  const before = x.shape.slice(0, first);
  const after = x.shape.slice(first + count);
  const terms = sizeOf(x.shape.slice(first, first + count));
  const kept = [...before, ...Array.from({ length: count }, () => 1), ...after];
  const outer = sizeOf(before);
  const inner = sizeOf(after);
  const flat = reshaped(graph, x, [outer, terms, inner]);
  if (terms <= LONGEST_RUN) return reshaped(graph, reduce(graph, flat, [1], [outer, 1, inner]), kept);

  const stage = stageLength(terms);
  const whole = Math.floor(terms / stage) * stage;
  const part = (from: number, to: number) =>
    whole === terms
      ? flat
      : graph.node("Slice", [flat, graph.int64([from]), graph.int64([to]), graph.int64([1])], {
          shape: [outer, to - from, inner],
          dtype: x.dtype,
        });
  const stages = reshaped(graph, part(0, whole), [outer, whole / stage, stage, inner]);
  const partial = reduce(graph, stages, [2], [outer, whole / stage, 1, inner]);
  let total = runSum(graph, reshaped(graph, partial, [outer, whole / stage, inner]), 1, 1);
  if (whole < terms) {
    const rest = reduce(graph, part(whole, terms), [1], [outer, 1, inner]);
    total = graph.node("Add", [total, rest], total);
  }
  return reshaped(graph, total, kept);
}

/** A divisor of `terms` near its root, or the root itself where the nearest divisor is far from it (a prime has none). */
function stageLength(terms: number): number {
  const root = Math.floor(Math.sqrt(terms));
  for (let length = root; length >= root / 8; length--) if (terms % length === 0) return length;
  return root;
}
