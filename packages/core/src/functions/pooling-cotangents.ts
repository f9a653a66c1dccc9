import { allocate } from "../arrays/dtype.js";
import { ndarray, type Shape, sizeOf } from "../arrays/nd-array.js";
import type { PoolAttributes } from "../ir/pooling.js";
import type { Tensor } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { and } from "../ops/and.js";
import { concat } from "../ops/concat.js";
import { constant } from "../ops/constant.js";
import { div } from "../ops/div.js";
import { equal } from "../ops/equal.js";
import { expand } from "../ops/expand.js";
import { not } from "../ops/not.js";
import { or } from "../ops/or.js";
import { pad } from "../ops/pad.js";
import { reshape } from "../ops/reshape.js";
import { sliceAxes } from "../ops/slice.js";
import { transpose } from "../ops/transpose.js";
import { where } from "../ops/where.js";
import { zerosLike } from "./constants.js";

/** Where each element of a pooling window lies in it, in row-major order. */
function offsets({ kernel }: PoolAttributes): number[][] {
  return kernel.reduce<number[][]>(
    (all, extent) => all.flatMap((head) => Array.from({ length: extent }, (_, at) => [...head, at])),
    [[]],
  );
}

/** One number for each axis of a tensor: those of the spatial axes, which start at `first`, and another for the rest. */
const around = (shape: Shape, first: number, spatial: readonly number[], other: (axis: number) => number): number[] =>
  shape.map((_, axis) => spatial[axis - first] ?? other(axis));

const none = () => 0;
const one = () => 1;

const inner = (padded: Tensor, shape: Shape, { before }: PoolAttributes, first: number) =>
  sliceAxes(padded, { starts: around(shape, first, before, none), sizes: shape, steps: shape.map(one) });

/** From this many channels on they are laid last, so that taking and shifting pixels copies runs of them instead of single numbers. */
const MANY_CHANNELS = 16;

/** Cotangent of max pooling: each window's ȳ goes to the first element that attains its maximum. */
export function firstMaximumCotangent(x: Tensor, y: Tensor, dy: Tensor, pool: PoolAttributes): Tensor {
  if (x.shape[1]! < MANY_CHANNELS) return firstMaximum(x, y, dy, pool, 2);
  const spatial = pool.kernel.map((_, axis) => axis + 2);
  const last = (value: Tensor) => transpose(value, [0, ...spatial, 1]);
  const dx = firstMaximum(last(x), last(y), last(dy), pool, 1);
  return transpose(dx, [0, dx.rank - 1, ...spatial.map((axis) => axis - 1)]);
}

function firstMaximum(x: Tensor, y: Tensor, dy: Tensor, pool: PoolAttributes, first: number): Tensor {
  const padded = pad(x, {
    before: around(x.shape, first, pool.before, none),
    after: around(x.shape, first, pool.after, none),
    value: Number.NEGATIVE_INFINITY,
  });
  let taken: Tensor | undefined;
  const parts = offsets(pool).map((offset) => {
    const tap = sliceAxes(padded, {
      starts: around(x.shape, first, offset, none),
      sizes: y.shape,
      steps: around(x.shape, first, pool.strides, one),
    });
    const attains = equal(tap, y);
    const isFirst = taken ? and(attains, not(taken)) : attains;
    taken = taken ? or(taken, attains) : attains;
    return where(isFirst, dy, 0);
  });
  return inner(laidBack(parts, padded.shape, pool, first), x.shape, pool, first);
}

/** Cotangent of average pooling: each window's ȳ is shared equally by the elements that it covers. */
export function averageCotangent(x: Tensor, dy: Tensor, pool: PoolAttributes): Tensor {
  const share = div(dy, coveredElements(x, dy, pool));
  const shape = x.shape.map((extent, axis) =>
    axis < 2 ? extent : extent + pool.before[axis - 2]! + pool.after[axis - 2]!,
  );
  const parts = offsets(pool).map(() => share);
  return inner(laidBack(parts, shape, pool, 2), x.shape, pool, 2);
}

/**
 * Puts what belongs to each element of the windows back where the windows took it from, and adds what meets.
 *
 * Elements whose offsets agree modulo the stride lie on one grid of every stride-th place: they are shifted and added there, and the
 * grids are interleaved once at the end. Putting zeros between the elements of every part would cost as much for each of them.
 */
function laidBack(parts: readonly Tensor[], shape: Shape, pool: PoolAttributes, first: number): Tensor {
  const { strides } = pool;
  const grid = strides.map((stride, axis) => Math.ceil(shape[axis + first]! / stride));
  const places = parts[0]!.shape;
  const planes = new Map<string, Tensor>();
  const shifted = new Map<string, Tensor>();
  offsets(pool).forEach((offset, index) => {
    const phase = offset.map((at, axis) => at % strides[axis]!).join();
    const shift = offset.map((at, axis) => Math.floor(at / strides[axis]!));
    const key = `${parts[index]!.id} ${shift}`;
    const after = grid.map((extent, axis) => extent - shift[axis]! - places[axis + first]!);
    const edges = { before: around(shape, first, shift, none), after: around(shape, first, after, none) };
    const part = shifted.get(key) ?? pad(parts[index]!, edges);
    shifted.set(key, part);
    const held = planes.get(phase);
    planes.set(phase, held ? add(held, part) : part);
  });
  const phases = offsets({ ...pool, kernel: strides }).map((phase) => planes.get(phase.join()));
  const spread = interleaved(phases, strides, first);
  // A grid may reach beyond the picture where the strides do not divide it.
  return sliceAxes(spread, { starts: shape.map(() => 0), sizes: shape, steps: shape.map(() => 1) });
}

/**
 * Grids, one for each place of a cell of `strides`, as one that is so many times larger: [N, C, …g] → [N, C, …g·stride], or the same with the
 * spatial axes at `first`. A grid that is missing is zeros.
 */
function interleaved(grids: readonly (Tensor | undefined)[], strides: readonly number[], first: number): Tensor {
  const known = grids.find((grid) => grid !== undefined)!;
  if (grids.length === 1) return known;
  const end = first + strides.length;
  const [outer, extents, rest] = [known.shape.slice(0, first), known.shape.slice(first, end), known.shape.slice(end)];
  const shape = [...outer, ...extents.map((extent, axis) => extent * strides[axis]!), ...rest];
  if (grids.every((grid) => grid === known)) {
    const apart = reshape(known, [...outer, ...extents.flatMap((extent) => [extent, 1]), ...rest]);
    const wide = [...outer, ...extents.flatMap((extent, axis) => [extent, strides[axis]!]), ...rest];
    return reshape(expand(apart, wide), shape);
  }
  const stacked = concat(
    grids.map((grid) => reshape(grid ?? zerosLike(known), [...outer, 1, ...extents, ...rest])),
    first,
  );
  let cells = reshape(stacked, [...outer, ...strides, ...extents, ...rest]);
  // One axis at a time, innermost first: moving one alone is a plain copy of blocks.
  for (let axis = strides.length - 1; axis >= 0; axis--) {
    // Cells are [outer, …s up to axis, …g up to axis, …what is finished, rest]; the last s moves behind the last g.
    const order = cells.shape.map((_, at) => at);
    const [moved] = order.splice(first + axis, 1);
    order.splice(first + 2 * axis + 1, 0, moved!);
    const turned = transpose(cells, order);
    const from = first + 2 * axis;
    const to = turned.rank - rest.length;
    const done = turned.shape.slice(from, to).reduce((product, extent) => product * extent, 1);
    cells = reshape(turned, [...turned.shape.slice(0, from), done, ...rest]);
  }
  return reshape(cells, shape);
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
