import { type AttributesOf, type DType, type Shape, sizeOf } from "@semblance/core";
import type { TfjsKernel } from "../kernel.js";
import type { Operations } from "../operations.js";
import type { TfTensor } from "../tf-api.js";
import { mergedAxes } from "./elementwise.js";

/** Some devices' kernels that move elements fail above this rank; they are then applied axis by axis. */
const HIGHEST_RANK = 4;

/** An axis with all before it as one, and all behind it as one. */
export const aroundAxis = (shape: Shape, axis: number): [number, number, number] => [
  sizeOf(shape.slice(0, axis)),
  shape[axis]!,
  sizeOf(shape.slice(axis + 1)),
];

/**
 * Repetitions along axes. `Tile` takes 60 ns an element on wasm (measured), and a broadcasting sum less than one: there x is added to
 * as many zeros, negative ones because x + −0 is x even for −0.
 */
export function expanded(tf: Operations, x: TfTensor, to: Shape): TfTensor {
  if (x.size === sizeOf(to)) return tf.reshape(x, to);
  const [from, whole] = mergedAxes([x.shape, to], to) as [Shape, Shape];
  if (tf.device === "wasm") {
    const dtype = x.dtype as DType;
    const zeros = tf.filled(dtype === "float32" ? -0 : 0, dtype, whole);
    const kernel = dtype === "bool" ? "LogicalOr" : "Add";
    return tf.reshape(tf.run(kernel, { a: tf.reshape(x, from), b: zeros }), to);
  }
  const reps = whole.map((extent, axis) => extent / from[axis]!);
  if (whole.length > HIGHEST_RANK) {
    const tiled = reps.reduce(
      (part, times, axis) => {
        if (times === 1) return part;
        const [outer, , inner] = aroundAxis(part.shape, axis);
        const flat = tf.run("Tile", { x: tf.reshape(part, [outer, 1, inner]) }, { reps: [1, times, 1] });
        return tf.reshape(flat, part.shape.with(axis, times));
      },
      tf.reshape(x, from),
    );
    return tf.reshape(tiled, to);
  }
  return tf.reshape(tf.run("Tile", { x: tf.reshape(x, from) }, { reps }), to);
}

export function transposed(tf: Operations, x: TfTensor, permutation: readonly number[]): TfTensor {
  const to = permutation.map((axis) => x.shape[axis]!);
  // Runs of axes that stay together are one axis, and those of extent 1 are none.
  const runs: number[][] = [];
  for (const axis of permutation) {
    if (x.shape[axis] === 1) continue;
    const run = runs.at(-1);
    const next = run && nextOf(x.shape, run.at(-1)!);
    if (run && next === axis) run.push(axis);
    else runs.push([axis]);
  }
  const inOrder = [...runs].sort((a, b) => a[0]! - b[0]!);
  const perm = runs.map((run) => inOrder.indexOf(run));
  if (perm.every((axis, at) => axis === at)) return tf.reshape(x, to);
  const merged = inOrder.map((run) => run.reduce((product, axis) => product * x.shape[axis]!, 1));
  return tf.reshape(tf.run("Transpose", { x: tf.reshape(x, merged) }, { perm }), to);
}

/** The next axis with more than one element. */
function nextOf(shape: Shape, axis: number): number {
  let next = axis + 1;
  while (shape[next] === 1) next++;
  return next;
}

export interface Padding {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
}

export function padded(tf: Operations, x: TfTensor, { before, after, value }: Padding): TfTensor {
  if ([...before, ...after].every((width) => width === 0)) return x;
  if (x.shape.length <= HIGHEST_RANK) {
    const paddings = before.map((width, axis) => [width, after[axis]!]);
    return tf.run("PadV2", { x }, { paddings, constantValue: value });
  }
  return before.reduce((wide, width, axis) => {
    if (width === 0 && after[axis] === 0) return wide;
    const flat = padded(tf, tf.reshape(wide, aroundAxis(wide.shape, axis)), {
      before: [0, width, 0],
      after: [0, after[axis]!, 0],
      value,
    });
    return tf.reshape(flat, wide.shape.with(axis, flat.shape[1]!));
  }, x);
}

export function sliced(tf: Operations, x: TfTensor, { starts, sizes, steps }: AttributesOf<"slice">): TfTensor {
  const taken = (axis: number) => starts[axis] === 0 && sizes[axis] === x.shape[axis] && steps[axis] === 1;
  const axes = x.shape.flatMap((_, axis) => (taken(axis) ? [] : [axis]));
  if (axes.length === 0) return x;
  if (x.shape.length > HIGHEST_RANK) {
    return axes.reduce((part, axis) => {
      const flat = sliced(tf, tf.reshape(part, aroundAxis(part.shape, axis)), {
        starts: [0, starts[axis]!, 0],
        sizes: [sizeOf(part.shape.slice(0, axis)), sizes[axis]!, sizeOf(part.shape.slice(axis + 1))],
        steps: [1, steps[axis]!, 1],
      });
      return tf.reshape(flat, part.shape.with(axis, sizes[axis]!));
    }, x);
  }
  if (x.dtype !== "float32" && steps.some((step, axis) => step !== 1 && sizes[axis]! > 1)) {
    return picked(tf, x, { starts, sizes, steps });
  }
  // Backwards is forwards from the last element taken, turned round.
  const step = steps.map((width, axis) => (sizes[axis] === 1 ? 1 : Math.abs(width)));
  const begin = starts.map((start, axis) => (steps[axis]! < 0 ? start + (sizes[axis]! - 1) * steps[axis]! : start));
  const forwards = step.every((width) => width === 1)
    ? tf.run("Slice", { x }, { begin, size: [...sizes] })
    : tf.run("StridedSlice", { x }, { begin, end: ends(begin, sizes, step), strides: step, ...NO_MASKS });
  const dims = axes.filter((axis) => steps[axis]! < 0 && sizes[axis]! > 1);
  return dims.length === 0 ? forwards : tf.run("Reverse", { x: forwards }, { dims });
}

/** Steps through whole numbers and booleans: on wasm the kernels for that make float32 of everything. */
function picked(tf: Operations, x: TfTensor, { starts, sizes, steps }: AttributesOf<"slice">): TfTensor {
  return sizes.reduce((part, size, axis) => {
    const places = Int32Array.from({ length: size }, (_, at) => starts[axis]! + at * steps[axis]!);
    const indices = tf.constant(`places ${places}`, () => ({ dtype: "int32", shape: [size], data: places }));
    const flat = tf.reshape(part, aroundAxis(part.shape, axis));
    return tf.reshape(tf.run("GatherV2", { x: flat, indices }, { axis: 1, batchDims: 0 }), part.shape.with(axis, size));
  }, x);
}

const ends = (begin: readonly number[], sizes: readonly number[], steps: readonly number[]) =>
  begin.map((start, axis) => start + (sizes[axis]! - 1) * steps[axis]! + 1);

const NO_MASKS = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };

export function concatenated(tf: Operations, parts: readonly TfTensor[], axis: number): TfTensor {
  if (parts.length === 1) return parts[0]!;
  // Along the second of two axes: what lies behind the axis moves as one.
  const flat = parts.map((part) => {
    const [outer, extent, inner] = aroundAxis(part.shape, axis);
    return tf.reshape(part, [outer, extent * inner]);
  });
  const total = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  // Kernels take their inputs as an object with numbers for names.
  return tf.reshape(tf.run("Concat", flat, { axis: 1 }), parts[0]!.shape.with(axis, total));
}

export const concat: TfjsKernel<AttributesOf<"concat">> = ({ tf, inputs, attributes: { axis } }) =>
  concatenated(tf, inputs, axis);

export const cast: TfjsKernel<{ readonly to: DType }> = ({ tf, inputs: [x], to }) => tf.cast(x!, to.dtype);
