import type { Operations } from "./operations.js";
import type { TfTensor } from "./tf-api.js";

/** Indices made harmless, and whether they had to be: a flag that is true where one was out of range. */
export function clippedIndices(
  tf: Operations,
  indices: TfTensor,
  extent: number,
): { clipped: TfTensor; flag: TfTensor } {
  const flat = tf.reshape(indices, [indices.size]);
  const raised = tf.run("Maximum", { a: flat, b: tf.scalar(0, "int32") });
  const clipped = tf.run("Minimum", { a: raised, b: tf.scalar(Math.max(extent - 1, 0), "int32") });
  const outside = tf.run("NotEqual", { a: flat, b: clipped });
  const flag = tf.run("Any", { x: outside }, { axis: [0], keepDims: false });
  return { clipped: tf.reshape(clipped, indices.shape), flag };
}
