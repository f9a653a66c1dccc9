import { allocate } from "../../arrays/dtype.js";
import { type NdArray, sizeOf, stridesOf } from "../../arrays/nd-array.js";
import { indexOutOfRange, indexTwice } from "../../execution/index-requirement.js";
import type { TensorSpec } from "../../ir/tensor.js";
import type { PadAttributes } from "../../ops/pad.js";
import type { ScatterElementsAttributes } from "../../ops/scatter-elements.js";
import type { SliceAttributes } from "../../ops/slice.js";
import { broadcastStrides, forEachIndex } from "./elementwise.js";
import { lines } from "./reductions.js";

/** Copies the elements that the strides (and a first offset) lead to. */
function copyBy(x: NdArray, to: TensorSpec, strides: number[], offset = 0): NdArray {
  const out = allocate(to.dtype, sizeOf(to.shape));
  forEachIndex(to.shape, [strides], (index, [at]) => {
    out[index] = x.data[offset + at!]!;
  });
  return { ...to, data: out };
}

export function copy([x]: readonly NdArray[], _: unknown, to: TensorSpec): NdArray {
  return { ...to, data: x!.data.slice() };
}

export function expand([x]: readonly NdArray[], _: unknown, to: TensorSpec): NdArray {
  return copyBy(x!, to, broadcastStrides(x!.shape, to.shape));
}

export function transpose(
  [x]: readonly NdArray[],
  { permutation }: { readonly permutation: readonly number[] },
  to: TensorSpec,
): NdArray {
  const strides = stridesOf(x!.shape);
  return copyBy(
    x!,
    to,
    permutation.map((axis) => strides[axis]!),
  );
}

export function slice([x]: readonly NdArray[], { starts, steps }: SliceAttributes, to: TensorSpec): NdArray {
  const strides = stridesOf(x!.shape);
  const offset = starts.reduce((sum, start, axis) => sum + start * strides[axis]!, 0);
  return copyBy(
    x!,
    to,
    strides.map((stride, axis) => stride * steps[axis]!),
    offset,
  );
}

export function pad([x]: readonly NdArray[], { before, value }: PadAttributes, to: TensorSpec): NdArray {
  const out = allocate(to.dtype, sizeOf(to.shape)).fill(value);
  const strides = stridesOf(to.shape);
  const offset = before.reduce((sum, width, axis) => sum + width * strides[axis]!, 0);
  forEachIndex(x!.shape, [strides], (index, [at]) => {
    out[offset + at!] = x!.data[index]!;
  });
  return { ...to, data: out };
}

export function concat(inputs: readonly NdArray[], { axis }: { readonly axis: number }, to: TensorSpec): NdArray {
  const out = allocate(to.dtype, sizeOf(to.shape));
  const inner = sizeOf(to.shape.slice(axis + 1));
  const outer = sizeOf(to.shape.slice(0, axis));
  let column = 0;
  for (const x of inputs) {
    const width = x.shape[axis]! * inner;
    for (let row = 0; row < outer; row++) {
      out.set(x.data.subarray(row * width, (row + 1) * width) as never, row * to.shape[axis]! * inner + column);
    }
    column += width;
  }
  return { ...to, data: out };
}

export function gather([x, indices]: readonly NdArray[], { axis }: { readonly axis: number }, to: TensorSpec): NdArray {
  const out = allocate(to.dtype, sizeOf(to.shape));
  const inner = sizeOf(x!.shape.slice(axis + 1));
  const outer = sizeOf(x!.shape.slice(0, axis));
  const extent = x!.shape[axis]!;
  let at = 0;
  for (let row = 0; row < outer; row++) {
    for (const index of indices!.data) {
      const from = (row * extent + requireIndex("gather", index, extent)) * inner;
      out.set(x!.data.subarray(from, from + inner) as never, at);
      at += inner;
    }
  }
  return { ...to, data: out };
}

export function gatherElements(
  [x, indices]: readonly NdArray[],
  { axis }: { readonly axis: number },
  to: TensorSpec,
): NdArray {
  const out = allocate(to.dtype, sizeOf(to.shape));
  const from = lines(x!, axis);
  const into = lines(to, axis);
  into.offsets.forEach((offset, line) => {
    for (let i = 0; i < into.length; i++) {
      const index = requireIndex("gatherElements", indices!.data[offset + i * into.step]!, from.length);
      out[offset + i * into.step] = x!.data[from.offsets[line]! + index * from.step]!;
    }
  });
  return { ...to, data: out };
}

export function scatterElements(
  [x, indices]: readonly NdArray[],
  { axis, distinct }: ScatterElementsAttributes,
  to: TensorSpec,
): NdArray {
  const out = new Float64Array(sizeOf(to.shape));
  const taken = new Uint8Array(distinct ? out.length : 0);
  const from = lines(x!, axis);
  const into = lines(to, axis);
  from.offsets.forEach((offset, line) => {
    for (let i = 0; i < from.length; i++) {
      const index = requireIndex("scatterElements", indices!.data[offset + i * from.step]!, into.length);
      const place = into.offsets[line]! + index * into.step;
      if (distinct && taken[place]!++) throw indexTwice("scatterElements", index);
      out[place]! += x!.data[offset + i * from.step]!;
    }
  });
  const data = allocate(to.dtype, out.length);
  data.set(out);
  return { ...to, data };
}

function requireIndex(op: string, index: number, extent: number): number {
  if (!(index >= 0 && index < extent)) throw indexOutOfRange(op, index, extent);
  return index;
}
