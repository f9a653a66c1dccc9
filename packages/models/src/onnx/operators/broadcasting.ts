import { expand, reshape, type Tensor } from "@semblance/core";
import type { Call } from "../translate/call.js";

/** The axis that one of ONNX's axes is, counted from the front. */
export function axisOf(call: Call, axis: number, rank: number): number {
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  throw call.fault(`axis ${axis} of a tensor with ${rank} axes`);
}

/** Distinct axes, in ascending order. */
export function axesOf(call: Call, axes: readonly number[], rank: number): number[] {
  const own = axes.map((axis) => axisOf(call, axis, rank)).sort((a, b) => a - b);
  if (new Set(own).size !== own.length) throw call.fault(`axes [${axes.join(", ")}] name one axis twice`);
  return own;
}

/**
 * Both operands of a binary operator. Before operator set 7 broadcasting had to be asked for, and the second operand could be aligned
 * with an axis of the first.
 */
export function operands(
  call: Call,
  read: (position: number) => Tensor = (position) => call.number(position),
): [Tensor, Tensor] {
  const [a, b] = [read(0), read(1)];
  if (call.opset >= 7 || call.int("broadcast", 0) === 0) return [a, b];
  return [a, alignedAt(b, call.int("axis", a.rank - b.rank), a.rank)];
}

/** Gives a tensor axes of extent 1 after its own, so that its first axis is the given one of `rank` axes. */
export function alignedAt(x: Tensor, axis: number, rank: number): Tensor {
  const from = axis < 0 ? axis + rank : axis;
  const behind = rank - from - x.rank;
  return behind > 0 ? reshape(x, [...x.shape, ...Array.from({ length: behind }, () => 1)]) : x;
}

/** A vector along one axis of a tensor with `rank` axes. */
export function along(x: Tensor, axis: number, rank: number): Tensor {
  return reshape(
    x,
    Array.from({ length: rank }, (_, at) => (at === axis ? x.size : 1)),
  );
}

/** x with new axes of extent 1. */
export function unsqueezed(x: Tensor, axes: readonly number[]): Tensor {
  const shape = [...x.shape];
  for (const axis of [...axes].sort((a, b) => a - b)) shape.splice(axis, 0, 1);
  return reshape(x, shape);
}

/** Repeats a single value where one stands for many. */
export function spread(x: Tensor, shape: readonly number[]): Tensor {
  return expand(x.size === 1 ? reshape(x, []) : x, shape);
}
