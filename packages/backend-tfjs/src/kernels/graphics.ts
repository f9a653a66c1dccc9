import type { AttributesOf } from "@semblance/core";
import type { KernelTable, TfjsKernel } from "../kernel.js";
import type { Operations } from "../operations.js";
import type { TfTensor } from "../tf-api.js";
import { binary, pow } from "./elementwise.js";
import { aroundAxis, expanded } from "./movement.js";
import { cumulativeSum } from "./reductions.js";

/** Both WebGPU and WebGL leave sine and cosine to drivers, which may be off by 2⁻¹¹. */
const sin: TfjsKernel<null> = ({ tf, inputs: [x] }) => wave(tf, x!, 0);
const cos: TfjsKernel<null> = ({ tf, inputs: [x] }) => wave(tf, x!, 1);

/**
 * sin(x + quarters·π/2): x less the nearest multiple of π/2, taken off in three parts of which the first two are short enough for exact
 * products up to |x| = 8,000, and then a polynomial on [−π/4, π/4].
 *
 * Source   Cephes, sinf.c (Moshier, 1992)
 */
function wave(tf: Operations, x: TfTensor, quarters: 0 | 1): TfTensor {
  const { add, sub, mul, floor } = arithmetic(tf);
  const turns = tf.run("Round", { x: mul(x, 2 / Math.PI) });
  const rest = HALF_PI.reduce<TfTensor>((left, part) => sub(left, mul(turns, part)), x);
  const square = mul(rest, rest);
  const sine = add(rest, mul(mul(rest, square), polynomial(tf, square, SINE)));
  const cosine = add(sub(1, mul(square, 0.5)), mul(mul(square, square), polynomial(tf, square, COSINE)));
  const quarter = quarters === 0 ? turns : add(turns, quarters);
  const half = floor(mul(quarter, 0.5));
  const isOdd = tf.run("Greater", { a: sub(quarter, mul(half, 2)), b: tf.scalar(0.5, "float32") });
  // −1 in the second half of a turn.
  const sign = sub(1, mul(sub(half, mul(floor(mul(half, 0.5)), 2)), 2));
  return mul(sign, tf.select(isOdd, cosine, sine));
}

const HALF_PI = [1.5703125, 4.837512969970703e-4, 7.549789954891882e-8];
const SINE = [-1.6666654611e-1, 8.3321608736e-3, -1.9515295891e-4];
const COSINE = [4.166664568298827e-2, -1.388731625493765e-3, 2.443315711809948e-5];

/**
 * Theirs has no digit left near 0, where an odd polynomial keeps them all.
 *
 * Source   Cephes, tanhf.c (Moshier, 1992)
 */
const tanh: TfjsKernel<null> = ({ tf, inputs: [x] }) => {
  const { add, mul } = arithmetic(tf);
  const square = mul(x!, x!);
  const near = add(x!, mul(mul(x!, square), polynomial(tf, square, TANH)));
  const isNear = tf.run("Less", { a: tf.run("Abs", { x }), b: tf.scalar(0.625, "float32") });
  return tf.select(isNear, near, tf.run("Tanh", { x }));
};

const TANH = [-0.333332819422, 0.133314422036, -0.0537397155531, 0.0206390887954, -0.00570498872745];

/** Theirs makes 0 of what is not a number, so that a run that diverged would look well. */
const sigmoid: TfjsKernel<null> = ({ tf, inputs: [x] }) =>
  tf.select(tf.run("Equal", { a: x, b: x }), tf.run("Sigmoid", { x }), x!);

/** Theirs makes 0 of 0 to a negative power, and −∞ of −2 to the power of ∞. */
const powAtCorners: TfjsKernel<null> = (call) => {
  const { tf, to } = call;
  const [base, exponent] = call.inputs.map((input) => expanded(tf, input, to.shape)) as [TfTensor, TfTensor];
  const zero = tf.scalar(0, "float32");
  const infinity = tf.scalar(Number.POSITIVE_INFINITY, "float32");
  const size = tf.run("Abs", { x: base });
  const isInfinite = tf.run("Equal", { a: tf.run("Abs", { x: exponent }), b: infinity });
  const power = pow({ ...call, inputs: [tf.select(isInfinite, size, base), exponent] });
  const isPole = tf.run("LogicalAnd", {
    a: tf.run("Equal", { a: base, b: zero }),
    b: tf.run("Less", { a: exponent, b: zero }),
  });
  return tf.select(isPole, tf.filled(Number.POSITIVE_INFINITY, "float32", to.shape), power);
};

/**
 * From the end by turning round, before and after: the shader that theirs makes for that has the length of the axis in it, and is used
 * again for axes of other lengths.
 */
const turnedSum: TfjsKernel<AttributesOf<"cumulativeSum">> = (call) => {
  const { tf, inputs, attributes, to } = call;
  if (!attributes.reverse) return cumulativeSum(call);
  const turn = (x: TfTensor) => {
    const around = aroundAxis(to.shape, attributes.axis);
    return tf.reshape(tf.run("Reverse", { x: tf.reshape(x, around) }, { dims: [1] }), to.shape);
  };
  return turn(cumulativeSum({ ...call, inputs: [turn(inputs[0]!)], attributes: { ...attributes, reverse: false } }));
};

/** WebGL's makes 1 of ∞/∞ and of 0/0, as of all other equal numbers. */
const divideEquals: TfjsKernel<null> = (call) => {
  const { tf, inputs, to } = call;
  const quotient = binary("RealDiv")(call);
  if (to.dtype !== "float32") return quotient;
  const [a, b] = inputs.map((input) => expanded(tf, input, to.shape)) as [TfTensor, TfTensor];
  const equals = (x: TfTensor, value: number) => tf.run("Equal", { a: x, b: tf.scalar(value, "float32") });
  const zeros = tf.run("LogicalAnd", { a: equals(a, 0), b: equals(b, 0) });
  const infinite = (x: TfTensor) => equals(tf.run("Abs", { x }), Number.POSITIVE_INFINITY);
  const infinities = tf.run("LogicalAnd", { a: infinite(a), b: infinite(b) });
  const isNothing = tf.run("LogicalOr", { a: zeros, b: infinities });
  return tf.select(isNothing, tf.filled(Number.NaN, "float32", to.shape), quotient);
};

/** WebGL's makes NaN of −∞. */
const positivePart: TfjsKernel<null> = ({ tf, inputs: [x], to }) =>
  tf.select(tf.run("Less", { a: x, b: tf.scalar(0, to.dtype) }), tf.filled(0, to.dtype, to.shape), x!);

/** What TensorFlow.js 4.22's shaders for WebGPU, or its drivers, get silently wrong. */
export const webgpuKernels: Partial<KernelTable> = {
  cos,
  cumulativeSum: turnedSum,
  pow: powAtCorners,
  sigmoid,
  sin,
  tanh,
};

/** The same of WebGL. */
export const webglKernels: Partial<KernelTable> = {
  cos,
  div: divideEquals,
  pow: powAtCorners,
  relu: positivePart,
  sigmoid,
  sin,
  tanh,
};

/** c₀ + c₁x + …. */
function polynomial(tf: Operations, x: TfTensor, coefficients: readonly number[]): TfTensor {
  const { add, mul } = arithmetic(tf);
  const [last, ...others] = [...coefficients].reverse();
  return others.reduce<TfTensor | number>((sum, coefficient) => add(mul(sum, x), coefficient), last!) as TfTensor;
}

function arithmetic(tf: Operations) {
  const value = (x: TfTensor | number) => (typeof x === "number" ? tf.scalar(x, "float32") : x);
  const binary = (kernel: string) => (a: TfTensor | number, b: TfTensor | number) =>
    tf.run(kernel, { a: value(a), b: value(b) });
  return {
    add: binary("Add"),
    sub: binary("Sub"),
    mul: binary("Multiply"),
    floor: (x: TfTensor) => tf.run("Floor", { x }),
  };
}
