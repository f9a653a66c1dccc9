import { type AttributesOf, ndarray, type ReductionAttributes, sizeOf } from "@semblance/core";
import type { TfjsKernel } from "../kernel.js";
import type { Operations } from "../operations.js";
import type { TfTensor } from "../tf-api.js";
import { product } from "./matmul.js";
import { padded, transposed } from "./movement.js";

/** Rows of what is reduced, [kept, reduced], so that one kernel over the last axis does for all shapes. */
export function rows(tf: Operations, x: TfTensor, axes: readonly number[]): TfTensor {
  const kept = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const inner = sizeOf(axes.map((axis) => x.shape[axis]!));
  return tf.reshape(transposed(tf, x, [...kept, ...axes]), [x.size / inner, inner]);
}

export const sum: TfjsKernel<ReductionAttributes> = ({ tf, inputs: [x], attributes: { axes }, to }) => {
  const columns = sizeOf(x!.shape.slice(axes.length));
  const leading = axes.every((axis, at) => axis === at) && columns > 1;
  if (tf.device === "wasm" && x!.dtype === "float32" && leading && x!.size / columns <= LONGEST_COLUMN) {
    return tf.reshape(columnSums(tf, tf.reshape(x!, [x!.size / columns, columns])), to.shape);
  }
  return tf.reshape(rowSums(tf, rows(tf, x!, axes)), to.shape);
};

/** A product adds one row after the other, like any kernel. */
const LONGEST_COLUMN = 512;

/** Sums of columns as a product with ones: on wasm faster than to turn x and sum its rows. */
function columnSums(tf: Operations, x: TfTensor): TfTensor {
  const rows = x.shape[0]!;
  const ones = tf.constant(`${rows} ones`, () => ndarray("float32", [1, rows], new Float32Array(rows).fill(1)));
  return product(tf, ones, x);
}

/** Longer sums are made in two stages. */
const LONGEST = 256;

/**
 * Sums of rows [n, m]. Kernels add one element after the other, whose error grows with m (4e−2 for four million); sums of sums of
 * √m elements each lose no more than one of 2√m.
 */
export function rowSums(tf: Operations, x: TfTensor): TfTensor {
  const [count, length] = x.shape as [number, number];
  if (length === 1) return tf.reshape(x, [count]);
  if (length <= LONGEST || x.dtype !== "float32") return tf.run("Sum", { x }, { axis: 1, keepDims: false });
  const width = blockWidth(length);
  const blocks = Math.ceil(length / width);
  const even = padded(tf, x, { before: [0, 0], after: [0, blocks * width - length], value: 0 });
  const partial = tf.run("Sum", { x: tf.reshape(even, [count * blocks, width]) }, { axis: 1, keepDims: false });
  return rowSums(tf, tf.reshape(partial, [count, blocks]));
}

/** Near √length, and a divisor of it where there is one, so that nothing is copied to make the blocks even. */
function blockWidth(length: number): number {
  const root = Math.ceil(Math.sqrt(length));
  for (let width = root; width < 2 * root; width++) if (length % width === 0) return width;
  for (let width = root; width > root / 2; width--) if (length % width === 0) return width;
  return root;
}

/** The largest or smallest element. */
export const extreme =
  (kernel: "Max" | "Min"): TfjsKernel<ReductionAttributes> =>
  ({ tf, inputs: [x], attributes: { axes }, to }) => {
    const attributes = kernel === "Max" ? { reductionIndices: [1], keepDims: false } : { axis: [1], keepDims: false };
    return tf.reshape(tf.run(kernel, { x: rows(tf, x!, axes) }, attributes), to.shape);
  };

export const argMax: TfjsKernel<AttributesOf<"argMax">> = ({ tf, inputs: [x], attributes: { axis }, to }) =>
  tf.reshape(tf.run("ArgMax", { x: rows(tf, x!, [axis]) }, { axis: 1 }), to.shape);

export const argTopK: TfjsKernel<AttributesOf<"argTopK">> = ({ tf, inputs: [x], attributes, to }) => {
  const { axis, k, largest } = attributes;
  const lines = rows(tf, x!, [axis]);
  const ordered = largest ? lines : tf.run("Neg", { x: lines });
  const [, indices] = tf.runAll("TopK", { x: ordered }, { k, sorted: true }) as [TfTensor, TfTensor];
  return backFromRows(tf, indices, axis, to.shape);
};

export const cumulativeSum: TfjsKernel<AttributesOf<"cumulativeSum">> = ({ tf, inputs: [x], attributes, to }) => {
  const { axis, exclusive, reverse } = attributes;
  const sums = tf.run("Cumsum", { x: rows(tf, x!, [axis]) }, { axis: 1, exclusive, reverse });
  return backFromRows(tf, sums, axis, to.shape);
};

/** Puts the axis that `rows` moved to the end back into its place. */
function backFromRows(tf: Operations, lines: TfTensor, axis: number, to: readonly number[]): TfTensor {
  const ahead = [...to.slice(0, axis), ...to.slice(axis + 1), to[axis]!];
  const permutation = to.map((_, at) => (at < axis ? at : at === axis ? to.length - 1 : at - 1));
  return transposed(tf, tf.reshape(lines, ahead), permutation);
}
