import { allocate } from "../arrays/dtype.js";
import { ndarray, sizeOf } from "../arrays/nd-array.js";
import type { PoolAttributes } from "../ir/pooling.js";
import type { Tensor } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { and } from "../ops/and.js";
import { constant } from "../ops/constant.js";
import { div } from "../ops/div.js";
import { equal } from "../ops/equal.js";
import { not } from "../ops/not.js";
import { or } from "../ops/or.js";
import { pad } from "../ops/pad.js";
import { type SliceAttributes, sliceAxes } from "../ops/slice.js";
import { where } from "../ops/where.js";
import { unslice } from "./unslice.js";

/** Each place inside a pooling window, as the strided slice of the padded input that it reads. */
function taps(y: Tensor, { kernel, strides }: PoolAttributes): SliceAttributes[] {
  return Array.from({ length: sizeOf(kernel) }, (_, index) => {
    let rest = index;
    const offsets = [...kernel].reverse().map((extent) => {
      const offset = rest % extent;
      rest = Math.floor(rest / extent);
      return offset;
    });
    return { starts: [0, 0, ...offsets.reverse()], sizes: y.shape, steps: [1, 1, ...strides] };
  });
}

const paddedShape = (x: Tensor, { before, after }: PoolAttributes) =>
  x.shape.map((extent, axis) => (axis < 2 ? extent : extent + before[axis - 2]! + after[axis - 2]!));

const inner = (padded: Tensor, x: Tensor, { before }: PoolAttributes) =>
  sliceAxes(padded, { starts: [0, 0, ...before], sizes: x.shape, steps: x.shape.map(() => 1) });

/** Cotangent of max pooling: each window's ȳ goes to the first element that attains its maximum. */
export function firstMaximumCotangent(x: Tensor, y: Tensor, dy: Tensor, pool: PoolAttributes): Tensor {
  const padded = pad(x, {
    before: [0, 0, ...pool.before],
    after: [0, 0, ...pool.after],
    value: Number.NEGATIVE_INFINITY,
  });
  let taken: Tensor | undefined;
  let total: Tensor | undefined;
  for (const tap of taps(y, pool)) {
    const attains = equal(sliceAxes(padded, tap), y);
    const first = taken ? and(attains, not(taken)) : attains;
    taken = taken ? or(taken, attains) : attains;
    const part = unslice(where(first, dy, 0), padded.shape, tap);
    total = total ? add(total, part) : part;
  }
  return inner(total!, x, pool);
}

/** Cotangent of average pooling: each window's ȳ is shared equally by the elements that it covers. */
export function averageCotangent(x: Tensor, dy: Tensor, pool: PoolAttributes): Tensor {
  const share = div(dy, coveredElements(x, dy, pool));
  const shape = paddedShape(x, pool);
  const total = taps(dy, pool)
    .map((tap) => unslice(share, shape, tap))
    .reduce((sum, part) => add(sum, part));
  return inner(total, x, pool);
}

/** How many elements of x, padding left out, each window covers: [1, 1, …places]. */
function coveredElements(x: Tensor, y: Tensor, { kernel, strides, before }: PoolAttributes): Tensor {
  const places = y.shape.slice(2);
  const data = allocate(y.dtype, sizeOf(places));
  for (let index = 0; index < data.length; index++) {
    let rest = index;
    let count = 1;
    for (let axis = places.length - 1; axis >= 0; axis--) {
      const start = (rest % places[axis]!) * strides[axis]! - before[axis]!;
      rest = Math.floor(rest / places[axis]!);
      count *= Math.min(start + kernel[axis]!, x.shape[axis + 2]!) - Math.max(start, 0);
    }
    data[index] = count;
  }
  return constant(ndarray(y.dtype, [1, 1, ...places], data));
}
