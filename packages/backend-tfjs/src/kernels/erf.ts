import type { TfjsKernel } from "../kernel.js";
import type { TfTensor } from "../tf-api.js";

/**
 * The error function. TensorFlow.js's kernels keep an absolute error of 1.5e−7 (Abramowitz & Stegun 7.1.26), so that nothing is
 * right near 0; there it is the Taylor series 2/√π·Σ (−1)ⁿ x²ⁿ⁺¹/(n!·(2n + 1)), whose next term is below 1e−9 of x.
 */
export const erf: TfjsKernel<null> = ({ tf, inputs: [x] }) => {
  const number = (value: number) => tf.scalar(value, "float32");
  const square = tf.run("Multiply", { a: x, b: x });
  const series = COEFFICIENTS.reduceRight<TfTensor>(
    (sum, coefficient) => tf.run("Add", { a: tf.run("Multiply", { a: sum, b: square }), b: number(coefficient) }),
    number(0),
  );
  const small = tf.run("Less", { a: tf.run("Abs", { x }), b: number(0.5) });
  return tf.select(small, tf.run("Multiply", { a: x, b: series }), tf.run("Erf", { x }));
};

/** (−1)ⁿ·2/√π/(n!·(2n + 1)) */
const COEFFICIENTS = [1, -3, 10, -42, 216, -1320, 9360].map((divisor) => 2 / Math.sqrt(Math.PI) / divisor);
