import { add, constant, iota, less, mul, ndarray, reshape, sum, type Tensor, where } from "@semblance/core";
import type { Call } from "../translate/call.js";

/** Numbers 0, 1, … along one axis, times a factor. */
export const positions = (call: Call, extent: number, factor: number, axis: number, rank: number) =>
  mul(
    reshape(
      iota(call.table(extent)),
      Array.from({ length: rank }, (_, at) => (at === axis ? extent : 1)),
    ),
    factor,
  );

/** The place in a flat tensor of each tuple of indices along the last axis of `indices`. */
export function flatPlaces(indices: Tensor, extents: readonly number[], strides: readonly number[]): Tensor {
  const limits = constant(ndarray("int32", [extents.length], extents));
  const own = where(less(indices, 0), add(indices, limits), indices);
  return sum(mul(own, constant(ndarray("int32", [strides.length], strides))), { axes: [indices.rank - 1] });
}
