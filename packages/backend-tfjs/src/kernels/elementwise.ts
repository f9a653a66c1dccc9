import type { Shape } from "@semblance/core";
import type { TfjsKernel } from "../kernel.js";
import type { Operations } from "../operations.js";
import type { TfTensor } from "../tf-api.js";
import { expanded } from "./movement.js";

/** A kernel that is the TensorFlow.js kernel of the same meaning. */
export const unary =
  (kernel: string): TfjsKernel<null> =>
  ({ tf, inputs: [x] }) =>
    tf.run(kernel, { x });

/** The same with two operands that broadcast. */
export const binary =
  (kernel: string): TfjsKernel<null> =>
  ({ tf, inputs, to }) => {
    const [a, b] = aligned(tf, inputs, to.shape);
    return tf.reshape(tf.run(kernel, { a, b }), to.shape);
  };

/** Most kernels stop at rank 4 on some device. */
const HIGHEST_RANK = 4;

/** Operands of a broadcasting kernel with as few axes as say the same. */
export function aligned(tf: Operations, inputs: readonly TfTensor[], to: Shape): TfTensor[] {
  if (to.length <= HIGHEST_RANK) return [...inputs];
  const shapes = mergedAxes(
    inputs.map(({ shape }) => shape),
    to,
  );
  return inputs.map((input, at) => tf.reshape(input, shapes[at]!));
}

/** Leaves out axes of extent 1, and joins neighbours along which the same operands are repeated. */
export function mergedAxes(shapes: readonly Shape[], to: Shape): Shape[] {
  const full = shapes.map((shape) => [...Array.from({ length: to.length - shape.length }, () => 1), ...shape]);
  const merged: number[][] = shapes.map(() => []);
  let before: string | undefined;
  to.forEach((extent, axis) => {
    if (extent === 1) return;
    const pattern = full.map((shape) => (shape[axis] === 1 ? "1" : "n")).join("");
    merged.forEach((shape, at) => {
      if (pattern === before) shape[shape.length - 1]! *= full[at]![axis]!;
      else shape.push(full[at]![axis]!);
    });
    before = pattern;
  });
  return merged;
}

/** TensorFlow.js's kernel wants all three operands of one shape, and writes four bytes for each boolean on wasm. */
export const where: TfjsKernel<null> = ({ tf, inputs, to }) => {
  if (to.dtype === "bool") {
    const [condition, t, e] = aligned(tf, inputs, to.shape) as [TfTensor, TfTensor, TfTensor];
    const left = tf.run("LogicalAnd", { a: condition, b: t });
    const right = tf.run("LogicalAnd", { a: tf.run("LogicalNot", { x: condition }), b: e });
    return tf.reshape(tf.run("LogicalOr", { a: left, b: right }), to.shape);
  }
  const [condition, t, e] = inputs.map((input) => expanded(tf, input, to.shape)) as [TfTensor, TfTensor, TfTensor];
  return tf.select(condition, t, e);
};

/** By comparisons: TensorFlow.js's kernel takes 1e−30 for 0 on wasm. What is no number has no sign. */
export const sign: TfjsKernel<null> = ({ tf, inputs: [x], to }) => {
  const zero = tf.scalar(0, to.dtype);
  const above = tf.cast(tf.run("Greater", { a: x, b: zero }), to.dtype);
  const below = tf.cast(tf.run("Less", { a: x, b: zero }), to.dtype);
  const difference = tf.run("Sub", { a: above, b: below });
  if (to.dtype === "int32") return difference;
  return tf.select(tf.run("NotEqual", { a: x, b: x }), x!, difference);
};

/** Whole numbers by subtraction: the kernels of one operand go through float32 on wasm. */
export const neg: TfjsKernel<null> = ({ tf, inputs: [x], to }) =>
  to.dtype === "int32" ? tf.run("Sub", { a: tf.scalar(0, "int32"), b: x }) : tf.run("Neg", { x });

export const abs: TfjsKernel<null> = ({ tf, inputs: [x], to }) => {
  if (to.dtype !== "int32") return tf.run("Abs", { x });
  return tf.run("Maximum", { a: x, b: tf.run("Sub", { a: tf.scalar(0, "int32"), b: x }) });
};
