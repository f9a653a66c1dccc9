import { allocate } from "../../arrays/dtype.js";
import { type NdArray, sizeOf, stridesOf } from "../../arrays/nd-array.js";
import type { ReductionAttributes } from "../../ir/reductions.js";
import type { TensorSpec } from "../../ir/tensor.js";
import { forEachIndex } from "./elementwise.js";

/** A kernel that folds the elements along the reduced axes into a float64 accumulator. */
export function fold(start: number, f: (total: number, x: number) => number) {
  return ([x]: readonly NdArray[], { axes }: ReductionAttributes, to: TensorSpec): NdArray => {
    const kept = x!.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
    const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
    const totals = new Float64Array(sizeOf(to.shape)).fill(start);
    forEachIndex(x!.shape, [strides], (index, [at]) => {
      totals[at!] = f(totals[at!]!, x!.data[index]!);
    });
    const out = allocate(to.dtype, totals.length);
    out.set(totals);
    return { ...to, data: out };
  };
}

/** The lines of an array along an axis: offset of the first element of each, and the step between neighbours. */
export function lines(
  { shape }: { readonly shape: readonly number[] },
  axis: number,
): { offsets: number[]; step: number; length: number } {
  const step = sizeOf(shape.slice(axis + 1));
  const length = shape[axis]!;
  const offsets: number[] = [];
  for (let outer = 0; outer < sizeOf(shape.slice(0, axis)); outer++) {
    for (let inner = 0; inner < step; inner++) offsets.push(outer * length * step + inner);
  }
  return { offsets, step, length };
}

export function argMax([x]: readonly NdArray[], { axis }: { readonly axis: number }, to: TensorSpec): NdArray {
  const { offsets, step, length } = lines(x!, axis);
  const out = new Int32Array(offsets.length);
  offsets.forEach((offset, line) => {
    let best = 0;
    for (let i = 1; i < length; i++) if (x!.data[offset + i * step]! > x!.data[offset + best * step]!) best = i;
    out[line] = best;
  });
  return { ...to, data: out };
}

export function argTopK(
  [x]: readonly NdArray[],
  { axis, k, largest }: { readonly axis: number; readonly k: number; readonly largest: boolean },
  to: TensorSpec,
): NdArray {
  const from = lines(x!, axis);
  const into = lines(to, axis);
  const out = new Int32Array(sizeOf(to.shape));
  from.offsets.forEach((offset, line) => {
    const value = (i: number) => x!.data[offset + i * from.step]!;
    const order = Array.from({ length: from.length }, (_, i) => i);
    // Array.prototype.sort is stable, so equal values keep the lower index first.
    order.sort((a, b) => (value(a) === value(b) ? 0 : value(a) > value(b) === largest ? -1 : 1));
    for (let i = 0; i < k; i++) out[into.offsets[line]! + i * into.step] = order[i]!;
  });
  return { ...to, data: out };
}

export function cumulativeSum(
  [x]: readonly NdArray[],
  { axis, exclusive, reverse }: { readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean },
  to: TensorSpec,
): NdArray {
  const { offsets, step, length } = lines(x!, axis);
  const out = allocate(to.dtype, x!.data.length);
  for (const offset of offsets) {
    let total = 0;
    for (let i = 0; i < length; i++) {
      const at = offset + (reverse ? length - 1 - i : i) * step;
      if (exclusive) out[at] = total;
      total += x!.data[at]!;
      if (!exclusive) out[at] = total;
    }
  }
  return { ...to, data: out };
}
