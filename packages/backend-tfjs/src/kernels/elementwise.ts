import type { AttributesOf, Shape, Tensor } from "@semblance/core";
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

/**
 * The larger (`Maximum`) or smaller of two. On wasm the second operand is passed over when it is not a number, so it is asked, unless
 * it is a constant that is one.
 */
export const larger =
  (kernel: "Maximum" | "Minimum"): TfjsKernel<null> =>
  ({ tf, inputs, sources, to }) => {
    const [first, second] = aligned(tf, inputs, to.shape) as [TfTensor, TfTensor];
    if (tf.device !== "wasm" || to.dtype !== "float32" || isNumber(sources[1]!)) {
      return tf.reshape(tf.run(kernel, { a: first, b: second }), to.shape);
    }
    const result = isNumber(sources[0]!)
      ? tf.run(kernel, { a: second, b: first })
      : largerOf(tf, kernel, first, second);
    return tf.reshape(result, to.shape);
  };

/** The elements of a tensor that is known while compiling. */
const constantOf = ({ op, attributes }: Tensor) =>
  op.name === "constant" ? (attributes as AttributesOf<"constant">).value.data : undefined;

const isNumber = (tensor: Tensor) => constantOf(tensor)?.some(Number.isNaN) === false;

/** The same for operands of which nothing is known. */
export function largerOf(tf: Operations, kernel: "Maximum" | "Minimum", a: TfTensor, b: TfTensor): TfTensor {
  const chosen = tf.run(kernel, { a, b });
  if (tf.device !== "wasm" || chosen.dtype !== "float32") return chosen;
  const unordered = tf.run("NotEqual", { a: b, b });
  return tf.select(expanded(tf, unordered, chosen.shape), expanded(tf, b, chosen.shape), chosen);
}

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
export const where: TfjsKernel<null> = ({ tf, inputs, sources, to }) => {
  if (to.dtype === "bool") {
    const [condition, t, e] = aligned(tf, inputs, to.shape) as [TfTensor, TfTensor, TfTensor];
    const left = tf.run("LogicalAnd", { a: condition, b: t });
    const right = tf.run("LogicalAnd", { a: tf.run("LogicalNot", { x: condition }), b: e });
    return tf.reshape(tf.run("LogicalOr", { a: left, b: right }), to.shape);
  }
  const [condition, t, e] = inputs.map((input, at) => {
    const number = sources[at]!.size === 1 && to.shape.length > 0 ? constantOf(sources[at]!)?.[0] : undefined;
    return number === undefined ? expanded(tf, input, to.shape) : tf.filled(number, sources[at]!.dtype, to.shape);
  }) as [TfTensor, TfTensor, TfTensor];
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

/** 1 to any power, and −1 to an infinite one, is 1 also where JavaScript and shaders say that it is not a number. */
export const pow: TfjsKernel<null> = ({ tf, inputs, to }) => {
  const [a, b] = aligned(tf, inputs, to.shape).map((input, _, all) =>
    expanded(tf, input, broadcastShape(all.map(({ shape }) => shape))),
  ) as [TfTensor, TfTensor];
  const one = tf.scalar(1, "float32");
  const infinite = tf.run("Equal", { a: tf.run("Abs", { x: b }), b: tf.scalar(Number.POSITIVE_INFINITY, "float32") });
  const ones = tf.run("LogicalOr", {
    a: tf.run("Equal", { a, b: one }),
    b: tf.run("LogicalAnd", { a: infinite, b: tf.run("Equal", { a, b: tf.scalar(-1, "float32") }) }),
  });
  return tf.reshape(tf.select(ones, tf.filled(1, "float32", a.shape), tf.run("Pow", { a, b })), to.shape);
};

const broadcastShape = (shapes: readonly Shape[]): number[] => {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(...shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)),
  );
};
