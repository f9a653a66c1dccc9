import { allocate } from "../../arrays/dtype.js";
import { type NdArray, type Shape, sizeOf, stridesOf } from "../../arrays/nd-array.js";
import type { ConvolutionGeometry } from "../../ir/convolution.js";
import type { PoolAttributes } from "../../ir/pooling.js";
import type { TensorSpec } from "../../ir/tensor.js";

/**
 * Calls `visit` for every product that a convolution of x [N, C, …] with w [O, C/groups, …] into y [N, O, …] adds up, with the flat
 * indices of its three factors. Convolution, its transpose and its filter's cotangent are this one loop with other targets.
 */
function forEachProduct(
  x: Shape,
  w: Shape,
  y: Shape,
  geometry: ConvolutionGeometry,
  visit: (x: number, w: number, y: number) => void,
): void {
  const { strides, before, dilations, groups } = geometry;
  const [xStrides, wStrides] = [stridesOf(x), stridesOf(w)];
  const perGroup = y[1]! / groups;
  forEachPosition(y, (place, atY) => {
    const channel = Math.floor(place[1]! / perGroup) * w[1]!;
    forEachPosition(w.slice(1), (tap) => {
      let atX = place[0]! * xStrides[0]! + (channel + tap[0]!) * xStrides[1]!;
      let atW = place[1]! * wStrides[0]! + tap[0]! * wStrides[1]!;
      for (let axis = 0; axis < strides.length; axis++) {
        const position = place[axis + 2]! * strides[axis]! + tap[axis + 1]! * dilations[axis]! - before[axis]!;
        if (position < 0 || position >= x[axis + 2]!) return;
        atX += position * xStrides[axis + 2]!;
        atW += tap[axis + 1]! * wStrides[axis + 2]!;
      }
      visit(atX, atW, atY);
    });
  });
}

function forEachPosition(shape: Shape, visit: (position: readonly number[], index: number) => void): void {
  const size = sizeOf(shape);
  const position = shape.map(() => 0);
  for (let index = 0; index < size; index++) {
    visit(position, index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++position[axis]! < shape[axis]!) break;
      position[axis] = 0;
    }
  }
}

function finish(totals: Float64Array, to: TensorSpec): NdArray {
  const data = allocate(to.dtype, totals.length);
  data.set(totals);
  return { ...to, data };
}

export function conv([x, w]: readonly NdArray[], geometry: ConvolutionGeometry, to: TensorSpec): NdArray {
  const totals = new Float64Array(sizeOf(to.shape));
  forEachProduct(x!.shape, w!.shape, to.shape, geometry, (atX, atW, atY) => {
    totals[atY]! += x!.data[atX]! * w!.data[atW]!;
  });
  return finish(totals, to);
}

export function convTranspose([y, w]: readonly NdArray[], geometry: ConvolutionGeometry, to: TensorSpec): NdArray {
  const totals = new Float64Array(sizeOf(to.shape));
  forEachProduct(to.shape, w!.shape, y!.shape, geometry, (atX, atW, atY) => {
    totals[atX]! += y!.data[atY]! * w!.data[atW]!;
  });
  return finish(totals, to);
}

export function convFilterGradient([x, y]: readonly NdArray[], geometry: ConvolutionGeometry, to: TensorSpec): NdArray {
  const totals = new Float64Array(sizeOf(to.shape));
  forEachProduct(x!.shape, to.shape, y!.shape, geometry, (atX, atW, atY) => {
    totals[atW]! += x!.data[atX]! * y!.data[atY]!;
  });
  return finish(totals, to);
}

/** Folds the elements that each window covers; padding is absent. */
function pool(f: (values: number[]) => number) {
  return ([x]: readonly NdArray[], { kernel, strides, before }: PoolAttributes, to: TensorSpec): NdArray => {
    const out = allocate(to.dtype, sizeOf(to.shape));
    const xStrides = stridesOf(x!.shape);
    forEachPosition(to.shape, (place, index) => {
      const values: number[] = [];
      forEachPosition(kernel, (tap) => {
        let at = place[0]! * xStrides[0]! + place[1]! * xStrides[1]!;
        for (let axis = 0; axis < kernel.length; axis++) {
          const position = place[axis + 2]! * strides[axis]! + tap[axis]! - before[axis]!;
          if (position < 0 || position >= x!.shape[axis + 2]!) return;
          at += position * xStrides[axis + 2]!;
        }
        values.push(x!.data[at]!);
      });
      out[index] = f(values);
    });
    return { ...to, data: out };
  };
}

export const maxPool = pool((values) =>
  values.reduce((a, b) => (Number.isNaN(a) || a > b ? a : b), Number.NEGATIVE_INFINITY),
);
export const averagePool = pool((values) => values.reduce((a, b) => a + b, 0) / values.length);
