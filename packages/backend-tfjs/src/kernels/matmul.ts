import { type Shape, sizeOf } from "@semblance/core";
import type { TfjsKernel } from "../kernel.js";
import type { Operations } from "../operations.js";
import type { TfTensor } from "../tf-api.js";
import { concatenated, expanded } from "./movement.js";

/** Above this many products a slice of a batch is worth a kernel of its own on wasm, whose fast one knows no batches. */
const LARGE_SLICE = 1 << 15;

export const matmul: TfjsKernel<null> = ({ tf, inputs, to }) => {
  const [a, b] = inputs as [TfTensor, TfTensor];
  const [rows, columns] = [to.shape.at(-2)!, to.shape.at(-1)!];
  const inner = a.shape.at(-1)!;
  const batch = to.shape.slice(0, -2);
  const shared = (x: TfTensor) => sizeOf(x.shape.slice(0, -2)) === 1;
  if (shared(b)) {
    // All rows at once, whatever matrix they belong to.
    const tall = tf.reshape(a, [a.size / inner, inner]);
    return tf.reshape(product(tf, tall, tf.reshape(b, [inner, columns])), to.shape);
  }
  const stack = (x: TfTensor, last: Shape) =>
    tf.reshape(expanded(tf, x, [...batch, ...last]), [sizeOf(batch), ...last]);
  if (tf.device === "wasm" && rows * inner * columns >= LARGE_SLICE) {
    const left = shared(a) ? tf.reshape(a, [1, rows, inner]) : stack(a, [rows, inner]);
    const right = stack(b, [inner, columns]);
    const slice = (x: TfTensor, at: number) => matrixOf(tf, x, x.shape[0] === 1 ? 0 : at);
    const products = Array.from({ length: sizeOf(batch) }, (_, at) => {
      const factors = [slice(left, at), slice(right, at)] as const;
      const result = product(tf, ...factors);
      tf.drop(...factors);
      return tf.reshape(result, [1, rows, columns]);
    });
    return tf.reshape(concatenated(tf, products, 0), to.shape);
  }
  const stacked = { a: stack(a, [rows, inner]), b: stack(b, [inner, columns]) };
  return tf.reshape(tf.run("BatchMatMul", stacked, NO_TRANSPOSES), to.shape);
};

/** `Slice` copies all of its input on wasm. */
function matrixOf(tf: Operations, x: TfTensor, at: number): TfTensor {
  const indices = tf.scalar(at, "int32");
  return tf.run("GatherV2", { x, indices }, { axis: 0, batchDims: 0 });
}

/** The transposing forms of the kernel are six times as slow on wasm: transposes are operators of ours. */
const NO_TRANSPOSES = { transposeA: false, transposeB: false };

export function product(tf: Operations, a: TfTensor, b: TfTensor): TfTensor {
  const [rows, inner] = a.shape as [number, number];
  const columns = b.shape[1]!;
  const right = tf.device === "wasm" ? ownFactor(tf, b) : b;
  const factors = { a: tf.reshape(a, [1, rows, inner]), b: tf.reshape(right, [1, inner, columns]) };
  return tf.reshape(tf.run("BatchMatMul", factors, NO_TRANSPOSES), [rows, columns]);
}

/** The width that the elements of a right factor were multiplied with first. */
const widths = new WeakMap<object, number>();

/**
 * A right factor that is safe to multiply by on wasm. That kernel keeps what it made of a right factor by its elements alone: another
 * matrix of the same elements, as a vector that is turned into a row by reshaping, would be taken for the first one, and the product
 * written beyond its end. It is copied.
 */
function ownFactor(tf: Operations, b: TfTensor): TfTensor {
  const width = b.shape[1]!;
  const first = widths.get(b.dataId);
  if (first === width) return b;
  if (first === undefined) {
    widths.set(b.dataId, width);
    return b;
  }
  const copy = tf.run("Multiply", { a: b, b: tf.scalar(1, "float32") });
  widths.set(copy.dataId, width);
  return copy;
}
