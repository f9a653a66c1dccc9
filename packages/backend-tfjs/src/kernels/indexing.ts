import { type AttributesOf, ndarray, sizeOf } from "@semblance/core";
import type { TfjsKernel } from "../kernel.js";
import type { Operations } from "../operations.js";
import type { TfTensor } from "../tf-api.js";
import { aroundAxis } from "./movement.js";

export const gather: TfjsKernel<AttributesOf<"gather">> = ({ tf, inputs: [x, at], attributes: { axis }, to }) => {
  const indices = tf.reshape(at!, [at!.size]);
  const flat = tf.reshape(x!, aroundAxis(x!.shape, axis));
  return tf.reshape(tf.run("GatherV2", { x: flat, indices }, { axis: 1, batchDims: 0 }), to.shape);
};

/** Through flat indices: `GatherV2` with batch axes is wrong on wasm. */
export const gatherElements: TfjsKernel<AttributesOf<"gatherElements">> = ({ tf, inputs: [x, at], attributes, to }) => {
  const places = flatPlaces(tf, at!, attributes.axis, x!.shape[attributes.axis]!);
  const flat = tf.reshape(x!, [x!.size]);
  return tf.reshape(tf.run("GatherV2", { x: flat, indices: places }, { axis: 0, batchDims: 0 }), to.shape);
};

/** `ScatterNd` adds up what meets in one place. */
export const scatterElements: TfjsKernel<AttributesOf<"scatterElements">> = ({ tf, inputs, attributes, to }) => {
  const [x, at] = inputs as [TfTensor, TfTensor];
  const places = tf.reshape(flatPlaces(tf, at, attributes.axis, attributes.size), [x.size, 1]);
  const updates = tf.reshape(x, [x.size]);
  return tf.reshape(tf.run("ScatterNd", { indices: places, updates }, { shape: [sizeOf(to.shape)] }), to.shape);
};

/** Where the elements that indices name along an axis of `extent` elements lie in the flat tensor. */
function flatPlaces(tf: Operations, indices: TfTensor, axis: number, extent: number): TfTensor {
  const [outer, count, inner] = aroundAxis(indices.shape, axis);
  if (outer === 1 && inner === 1) return tf.reshape(indices, [count]);
  const offsets = tf.constant(`offsets ${outer} ${extent} ${inner}`, () =>
    ndarray(
      "int32",
      [outer, 1, inner],
      Int32Array.from({ length: outer * inner }, (_, at) => Math.floor(at / inner) * extent * inner + (at % inner)),
    ),
  );
  const along = tf.reshape(indices, [outer, count, inner]);
  const steps = inner === 1 ? along : tf.run("Multiply", { a: along, b: tf.scalar(inner, "int32") });
  return tf.reshape(tf.run("Add", { a: steps, b: offsets }), [indices.size]);
}
