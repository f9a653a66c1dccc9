import { ndarray, type PoolAttributes, sizeOf } from "@semblance/core";
import type { TfjsKernel } from "../kernel.js";
import type { Operations } from "../operations.js";
import type { TfTensor } from "../tf-api.js";
import { largerOf } from "./elementwise.js";
import { padded, sliced } from "./movement.js";

/**
 * The largest element under each window, tap by tap. TensorFlow.js's pooling knows planes and even padding only, and its devices
 * differ in what they make of NaN.
 */
export const maxPool: TfjsKernel<PoolAttributes> = ({ tf, inputs: [x], attributes, to }) =>
  overTaps(tf, x!, attributes, to.shape, Number.NEGATIVE_INFINITY, "Maximum");

/** The mean of what each window covers: padding does not count. */
export const averagePool: TfjsKernel<PoolAttributes> = ({ tf, inputs: [x], attributes, to }) => {
  const total = overTaps(tf, x!, attributes, to.shape, 0, "Add");
  const space = to.shape.slice(2);
  const counts = tf.constant(`counts ${JSON.stringify(attributes)} ${x!.shape.slice(2)}`, () =>
    ndarray("float32", [1, 1, ...space], covered(x!.shape.slice(2), space, attributes)),
  );
  const [images, places] = [to.shape[0]! * to.shape[1]!, sizeOf(space)];
  const flat = { a: tf.reshape(total, [images, places]), b: tf.reshape(counts, [1, places]) };
  return tf.reshape(tf.run("RealDiv", flat), to.shape);
};

function overTaps(
  tf: Operations,
  x: TfTensor,
  { kernel, strides, before, after }: PoolAttributes,
  to: readonly number[],
  value: number,
  fold: "Maximum" | "Add",
): TfTensor {
  const wide = padded(tf, x, { before: [0, 0, ...before], after: [0, 0, ...after], value });
  const taps = positions(kernel).map((tap) =>
    sliced(tf, wide, { starts: [0, 0, ...tap], sizes: to, steps: [1, 1, ...strides] }),
  );
  return taps.reduce((a, b) => {
    const folded = fold === "Add" ? tf.run(fold, { a, b }) : largerOf(tf, fold, a, b);
    tf.drop(a, b);
    return folded;
  });
}

function positions(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (all, extent) => all.flatMap((head) => Array.from({ length: extent }, (_, at) => [...head, at])),
    [[]],
  );
}

/** How many elements the window at each place covers. */
function covered(space: readonly number[], places: readonly number[], attributes: PoolAttributes): Float32Array {
  const { kernel, strides, before } = attributes;
  return Float32Array.from(
    positions(places).map((place) =>
      place.reduce((count, at, axis) => {
        const start = at * strides[axis]! - before[axis]!;
        return count * (Math.min(start + kernel[axis]!, space[axis]!) - Math.max(start, 0));
      }, 1),
    ),
  );
}
