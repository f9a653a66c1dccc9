import { type Shape, sameShape, sizeOf } from "@semblance/core";
import type { OrtKernel } from "../kernel.js";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";
import { reshaped } from "./movement.js";

/** Fewer elements take less time than the nodes that would hasten them. */
export const WORTH_A_NODE = 1 << 12;

/** Runs of so few elements are prolonged, where what is repeated is this much smaller than the result. */
const SHORT_RUN = 8;
const MUCH_SMALLER = 16;

/**
 * A kernel that is the ONNX operator of the same meaning, applied to elements that belong together after broadcasting.
 *
 * onnxruntime repeats operands of unlike shapes run by run, each at 10 ns, and a run ends where an operand begins to repeat. So axes of
 * one element at the end are left out ([64, 512, 1, 1] beside a number is one run, not 32,768), and what is repeated over few elements, as
 * [1, 256, 1, 1] over [64, 256, 2, 2], is written out for one of the 64 first.
 */
export const elementwise =
  (op: string): OrtKernel<null> =>
  ({ graph, inputs, to }) => {
    const isUnlike = inputs.some(({ shape }) => !sameShape(shape, to.shape));
    if (!isUnlike || sizeOf(to.shape) < WORTH_A_NODE) return graph.node(op, inputs, to);
    const end = trailingOnes(to.shape);
    const shape = to.shape.slice(0, to.shape.length - end);
    const operands = inputs.map((x) => {
      const short = reshaped(graph, x, x.shape.slice(0, Math.max(0, x.shape.length - end)));
      return withLongerRuns(graph, short, shape);
    });
    return reshaped(graph, graph.node(op, operands, { shape, dtype: to.dtype }), to.shape);
  };

function withLongerRuns(graph: GraphBuilder, x: Value, shape: Shape): Value {
  const offset = shape.length - x.shape.length;
  const repeats = trailingOnes(x.shape);
  const kept = x.shape.length - repeats;
  const run = sizeOf(shape.slice(shape.length - repeats));
  const wide = [...x.shape.slice(0, kept), ...shape.slice(offset + kept)];
  const pays = kept > 0 && run > 1 && run <= SHORT_RUN && sizeOf(wide) * MUCH_SMALLER <= sizeOf(shape);
  return pays ? graph.node("Expand", [x, graph.int64(wide)], { shape: wide, dtype: x.dtype }) : x;
}

function trailingOnes(shape: Shape): number {
  return shape.length - 1 - shape.findLastIndex((extent) => extent !== 1);
}
