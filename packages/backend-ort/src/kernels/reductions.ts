import type { ReductionAttributes } from "@semblance/core";
import { isFloat, sizeOf } from "@semblance/core";
import type { KernelCall } from "../kernel.js";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";
import { convert } from "./convert.js";
import { WORTH_A_NODE } from "./elementwise.js";
import { reshaped } from "./movement.js";
import { scalar } from "./scalar.js";

/**
 * The largest or smallest element along axes. onnxruntime passes over NaN, which would hide a diverged value; it is looked for on the
 * side and comes through as everywhere else.
 */
export function extreme(op: "ReduceMax" | "ReduceMin") {
  return ({ graph, provider, inputs, attributes: { axes, keepDims }, to }: KernelCall<ReductionAttributes>): Value => {
    const along = graph.int64(axes);
    const keepdims = keepDims ? 1 : 0;
    const [x] = inputs as [Value];
    const best = graph.node(op, [x, along], to, { keepdims });
    if (!isFloat(to.dtype)) return best;
    const lost = graph.node("IsNaN", [x], { shape: x.shape, dtype: "bool" });
    // Of booleans onnxruntime looks for the largest at a seventh of the speed at which it does of bytes, the conversion included.
    const as = provider === "cpu" && sizeOf(x.shape) >= WORTH_A_NODE ? "uint8" : "bool";
    const mostLost = graph.node(
      "ReduceMax",
      [convert(graph, lost, as), along],
      { shape: to.shape, dtype: as },
      { keepdims },
    );
    const anyLost = convert(graph, mostLost, "bool");
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
    // Axes that do not follow one another are reduced group by group: stages of their own.
    const groups = runs(axes);
    const inner = groups.at(-1)!;
    const innermostFirst = sizeOf(x.shape.slice(inner.first, inner.first + inner.count)) >= SHORTEST_ROW;
    for (const { first, count } of innermostFirst ? groups.reverse() : groups) x = runSum(graph, x, first, count);
    return reshaped(graph, x, to.shape);
  }
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return reshaped(graph, reduce(graph, x, axes, kept), to.shape);
}

/** Rows of fewer elements cost more to begin than to add: of [256, 64, 4, 4] the batch is summed before the pixels. */
const SHORTEST_ROW = 128;

/** Axes, in order, as runs of neighbours. */
function runs(axes: readonly number[]): { first: number; count: number }[] {
  const found: { first: number; count: number }[] = [];
  for (const axis of axes) {
    const last = found.at(-1);
    if (last && last.first + last.count === axis) last.count++;
    else found.push({ first: axis, count: 1 });
  }
  return found;
}

function reduce(graph: GraphBuilder, x: Value, axes: readonly number[], shape: readonly number[]): Value {
  return graph.node("ReduceSum", [x, graph.int64(axes)], { shape, dtype: x.dtype }, { keepdims: 1 });
}

/** [outer, terms, inner] → [outer, inner]. A matrix is summed as one: with an axis of one element beside it onnxruntime adds singly. */
function sumMiddle(graph: GraphBuilder, x: Value): Value {
  const [outer, terms, inner] = x.shape as [number, number, number];
  if (outer === 1) return reduce(graph, reshaped(graph, x, [terms, inner]), [0], [1, inner]);
  if (inner > 1) return reshaped(graph, reduce(graph, x, [1], [outer, 1, inner]), [outer, inner]);
  return reduce(graph, reshaped(graph, x, [outer, terms]), [1], [outer, 1]);
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
  if (terms <= LONGEST_RUN) return reshaped(graph, sumMiddle(graph, flat), kept);

  const stage = stageLength(terms);
  const whole = Math.floor(terms / stage) * stage;
  const part = (from: number, to: number) =>
    whole === terms
      ? flat
      : graph.node("Slice", [flat, graph.int64([from]), graph.int64([to]), graph.int64([1])], {
          shape: [outer, to - from, inner],
          dtype: x.dtype,
        });
  const stages = reshaped(graph, part(0, whole), [(outer * whole) / stage, stage, inner]);
  const partial = sumMiddle(graph, stages);
  let total = runSum(graph, reshaped(graph, partial, [outer, whole / stage, inner]), 1, 1);
  if (whole < terms) {
    const rest = reshaped(graph, sumMiddle(graph, part(whole, terms)), [outer, 1, inner]);
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
