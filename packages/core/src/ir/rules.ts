import { type DType, isFloat } from "../arrays/dtype.js";
import { type Shape, sameShape, showShape } from "../arrays/nd-array.js";
import { ShapeError } from "../errors.js";
import type { TensorSpec } from "./tensor.js";

/** Shape and element-type rules that several primitives share, and the errors they throw. */

export function fail(code: string, op: string, message: string, fix?: string): never {
  throw new ShapeError(code, `${op}: ${message}`, { where: `operator "${op}"`, ...(fix === undefined ? {} : { fix }) });
}

const showSpec = ({ dtype, shape }: TensorSpec) => `${dtype}${showShape(shape)}`;

export const FLOATS: readonly DType[] = ["float32", "float64"];
export const NUMBERS: readonly DType[] = ["float32", "float64", "int32"];
export const ANY: readonly DType[] = ["float32", "float64", "int32", "bool"];
export const BOOL: readonly DType[] = ["bool"];
export const INT32: readonly DType[] = ["int32"];

export function requireDType(op: string, input: TensorSpec, allowed: readonly DType[], position = 0): void {
  if (!allowed.includes(input.dtype)) {
    fail(
      "DTYPE_UNSUPPORTED",
      op,
      `input ${position} is ${showSpec(input)}, and ${op} takes ${allowed.join(" or ")}`,
      `Convert it with cast(x, "${allowed[0]}") where that is meant.`,
    );
  }
}

export function requireSameDType(op: string, inputs: readonly TensorSpec[]): void {
  const [first, ...rest] = inputs;
  for (const other of rest) {
    if (other.dtype !== first!.dtype) {
      fail(
        "DTYPE_MISMATCH",
        op,
        `${showSpec(first!)} meets ${showSpec(other)}`,
        `Types are never converted silently: use cast(x, "${wider(first!.dtype, other.dtype)}").`,
      );
    }
  }
}

/** The type that can take the other's values; the first one between the two floats, where either may be meant. */
const wider = (a: DType, b: DType): DType => (isFloat(a) || (a === "int32" && !isFloat(b)) ? a : b);

export function requireRank(op: string, input: TensorSpec, atLeast: number, position = 0): void {
  if (input.shape.length < atLeast) {
    fail("RANK_MISMATCH", op, `input ${position} is ${showSpec(input)}, and ${op} needs at least ${atLeast} axes`);
  }
}

/** The shape that arrays of these shapes broadcast to (aligned at the last axis; extents equal or 1). */
export function broadcastShapes(op: string, shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    let extent = 1;
    for (const shape of shapes) {
      const own = shape[shape.length - rank + axis] ?? 1;
      if (own === 1 || own === extent) continue;
      if (extent !== 1) {
        fail(
          "BROADCAST_MISMATCH",
          op,
          `shapes ${shapes.map(showShape).join(" and ")} do not broadcast: axis ${axis - rank} is ${extent} in one and ${own} in another`,
          "Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them.",
        );
      }
      extent = own;
    }
    result.push(extent);
  }
  return result;
}

/** One input, same shape and type. */
export function elementwise(op: string, allowed: readonly DType[]): (inputs: readonly TensorSpec[]) => TensorSpec {
  return ([x]) => {
    requireDType(op, x!, allowed);
    return { shape: x!.shape, dtype: x!.dtype };
  };
}

/** Inputs of one type, broadcast together; the result has their type, or `result` where given (comparisons). */
export function broadcasting(
  op: string,
  allowed: readonly DType[],
  result?: DType,
): (inputs: readonly TensorSpec[]) => TensorSpec {
  return (inputs) => {
    requireSameDType(op, inputs);
    requireDType(op, inputs[0]!, allowed);
    return {
      shape: broadcastShapes(
        op,
        inputs.map((input) => input.shape),
      ),
      dtype: result ?? inputs[0]!.dtype,
    };
  };
}

/** An axis counted from the front, whether given from the front or (negative) from the back. */
export function normaliseAxis(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const fix =
      rank === 0 ? "A tensor without axes has none to name: reshape it first." : `Use ${-rank} to ${rank - 1}.`;
    fail("AXIS_OUT_OF_RANGE", op, `axis ${axis} of a tensor with ${rank} axes`, fix);
  }
  return axis < 0 ? axis + rank : axis;
}

/** Distinct axes in ascending order; all of them when none are given. */
export function normaliseAxes(op: string, axes: readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const normal = axes.map((axis) => normaliseAxis(op, axis, rank)).sort((a, b) => a - b);
  if (new Set(normal).size !== normal.length)
    fail("AXIS_REPEATED", op, `axes [${axes.join(", ")}] name one axis twice`);
  return normal;
}

export function requireExtents(op: string, what: string, extents: readonly number[]): void {
  for (const extent of extents) {
    if (!Number.isSafeInteger(extent) || extent < 0) {
      fail("EXTENT_INVALID", op, `${what} ${showShape(extents)} must hold non-negative whole numbers`);
    }
  }
}

export function requireSameShape(op: string, a: TensorSpec, b: TensorSpec): void {
  if (!sameShape(a.shape, b.shape)) fail("SHAPE_MISMATCH", op, `${showSpec(a)} and ${showSpec(b)} must have one shape`);
}
