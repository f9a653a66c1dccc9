import type { DType } from "../arrays/dtype.js";
import { reshape } from "../ops/reshape.js";
import { fail, requireDType } from "./rules.js";
import type { Tensor, TensorSpec } from "./tensor.js";

/** What reducing primitives are called with: which axes (all by default), and whether they stay with extent 1. */
export interface ReductionOptions {
  readonly axes?: readonly number[];
  readonly keepDims?: boolean;
}

export interface ReductionAttributes {
  /** Ascending and counted from the front. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** The shape rule of a reduction. */
export function reduction(op: string, allowed: readonly DType[], { allowEmpty }: { readonly allowEmpty: boolean }) {
  return ([x]: readonly TensorSpec[], { axes, keepDims }: ReductionAttributes): TensorSpec => {
    requireDType(op, x!, allowed);
    if (!allowEmpty && axes.some((axis) => x!.shape[axis] === 0)) {
      fail("EMPTY_REDUCTION", op, "an axis without elements has none to choose from", "Leave the empty case out.");
    }
    const shape = keepDims
      ? x!.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
      : x!.shape.filter((_, axis) => !axes.includes(axis));
    return { shape, dtype: x!.dtype };
  };
}

/** A reduced tensor with its reduced axes put back as extent 1, so that it broadcasts against what it was reduced from. */
export function keepReduced(reduced: Tensor, from: TensorSpec, { axes }: ReductionAttributes): Tensor {
  return reshape(
    reduced,
    from.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)),
  );
}
