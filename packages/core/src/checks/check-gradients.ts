import { isFloat } from "../arrays/dtype.js";
import { type NdArray, ndarray } from "../arrays/nd-array.js";
import type { Arrays, Executable } from "../contracts/backend.js";
import { GraphError } from "../errors.js";
import { vjp } from "../ir/grad.js";
import { type Program, spec, trace } from "../ir/program.js";
import { Tensor } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { constant, scalar } from "../ops/constant.js";
import { mul } from "../ops/mul.js";
import { sum } from "../ops/sum.js";
import { Key } from "../random/key.js";
import { referenceBackend } from "../reference/reference-backend.js";

export interface GradientOptions {
  /** What the message calls the function. */
  readonly name?: string;
  /** Positions of the inputs to differentiate by; every floating-point one by default. */
  readonly wrt?: readonly number[];
  /** 2 also differentiates a random projection of the gradient. */
  readonly order?: 1 | 2;
  /**
   * Step of the central difference for an element x, times max(1, |x|). The truncation error is h²/6·f‴ and the rounding error about
   * 2⁻⁵²·|f|/h; with both near 1 they balance at h = (3·2⁻⁵²)^⅓ ≈ 1e−5, where each is some 1e−11.
   */
  readonly step?: number;
  /**
   * Largest |got − expected| / max(1, |expected|). 1e−6 leaves room for third derivatives and sums in the thousands, and is far below
   * any mistake in a rule: a factor of 1.01 is off by 1e−2.
   */
  readonly tolerance?: number;
  /** Seed of the random projections, elements and directions. */
  readonly seed?: number;
}

/**
 * Compares derivatives with central differences, in float64 on the reference backend.
 *
 * With random weights c the results f are folded into one number φ(x) = Σ c·f(x), whose gradient g(x) is compared with
 * (φ(x + h) − φ(x − h)) / 2h for every element (of large inputs: for drawn elements, and along drawn directions). For the second order, ψ(x) = Σ r·g(x) with random r is differentiated and compared
 * in the same way; since g was compared before, ψ is what it should be. The inputs must stay away from kinks by more than the step.
 *
 * @throws GraphError GRADIENT_WRONG with the input, element, expected and got; GRADIENT_NOT_FINITE
 */
export async function checkGradients(
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: readonly NdArray[],
  options: GradientOptions = {},
): Promise<void> {
  const { name = f.name || "the function", order = 2, step = 1e-5, tolerance = 1e-6, seed = 0 } = options;
  const wrt = options.wrt ?? inputs.flatMap(({ dtype }, position) => (isFloat(dtype) ? [position] : []));
  const at = inputs.map(toFloat64);
  const key = Key.fromSeed(seed);
  const { values, derivatives } = programs(name, f, at, wrt, order, key);
  const backend = referenceBackend();
  try {
    const feeds = Object.fromEntries(at.map((array, position) => [`x${position}`, array]));
    const valueOf = await backend.compile(values);
    const analytic = await (await backend.compile(derivatives)).run(feeds);
    for (const [what, label] of ORDERS.slice(0, order)) {
      for (const position of wrt) {
        const got = analytic[`${what}${position}`]!;
        await compare(valueOf, feeds, { what, label, position, got, name, step, tolerance, key: key.fold(position) });
      }
    }
  } finally {
    await backend.dispose();
  }
}

/** The scalar that is differentiated, and what the message calls its derivative. */
const ORDERS = [
  ["first", "first derivative"],
  ["second", "second derivative"],
] as const;
type Order = (typeof ORDERS)[number][0];

function toFloat64(array: NdArray): NdArray {
  return isFloat(array.dtype) ? ndarray("float64", array.shape, array.data) : array;
}

/** The two scalars φ and ψ as one program, and their gradients as another: differences need only the first. */
function programs(
  name: string,
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  at: readonly NdArray[],
  wrt: readonly number[],
  order: 1 | 2,
  key: Key,
): { values: Program; derivatives: Program } {
  const build = (leaves: readonly Tensor[]) => {
    const built = f(...leaves);
    const results = built instanceof Tensor ? [built] : built;
    const targets = wrt.map((position) => leaves[position]!);
    const first = project(
      results.filter(({ dtype }) => isFloat(dtype)),
      key.fold("first"),
    );
    const gradient = gradientOf(first, targets);
    const second = order === 2 ? project(gradient, key.fold("second")) : undefined;
    const seconds = second ? gradientOf(second, targets) : [];
    return { values: { first, ...(second ? { second } : {}) }, gradient, seconds };
  };
  const inputs = Object.fromEntries(at.map(({ dtype, shape }, position) => [`x${position}`, spec(dtype, shape)]));
  const values = trace({
    name: `values of ${name}`,
    inputs,
    build: (leaves) => ({ outputs: build(Object.values(leaves)).values }),
  });
  const derivatives = trace({
    name: `derivatives of ${name}`,
    inputs,
    build: (leaves) => {
      const { gradient, seconds } = build(Object.values(leaves));
      const named = (order: Order, tensors: readonly Tensor[]) =>
        tensors.map((tensor, index) => [`${order}${wrt[index]}`, tensor] as const);
      return { outputs: Object.fromEntries([...named("first", gradient), ...named("second", seconds)]) };
    },
  });
  return { values, derivatives };
}

const gradientOf = (y: Tensor, targets: readonly Tensor[]) => vjp(y, targets, scalar(1, "float64"));

/** Numbers from ±[0.5, 1.5]: none so small that it would hide an element. */
function drawWeights(key: Key, length: number): Float64Array {
  const signs = key.fold("sign").uniform(length);
  return key.uniform(length, 0.5, 1.5).map((weight, at) => (signs[at]! < 0.5 ? -weight : weight));
}

/** Σ c·t over all tensors, with drawn weights. */
function project(tensors: readonly Tensor[], key: Key): Tensor {
  return tensors
    .map((tensor, index) => {
      const weights = drawWeights(key.fold(index), tensor.size);
      return sum(mul(tensor, constant(ndarray("float64", tensor.shape, weights))));
    })
    .reduce(add, scalar(0, "float64"));
}

interface Comparison {
  readonly what: Order;
  readonly label: string;
  readonly position: number;
  readonly got: NdArray;
  readonly name: string;
  readonly step: number;
  readonly tolerance: number;
  readonly key: Key;
}

/** Inputs of up to this many elements are checked element by element. */
const FEW = 12;
/** Of larger ones, this many drawn elements. */
const DRAWN = 6;

/**
 * Checks one input: element by element where there are few. Of many, some drawn elements and two dense drawn directions, which see
 * every element at once; if a direction is wrong, the elements are searched for the one to blame.
 */
async function compare(valueOf: Executable, feeds: Arrays, comparison: Comparison): Promise<void> {
  const size = comparison.got.data.length;
  const probe = (direction: Direction) => probeAlong(valueOf, feeds, comparison, direction);
  if (size <= FEW) {
    for (let index = 0; index < size; index++) await probe({ element: index });
    return;
  }
  for (const index of comparison.key.permutation(size).subarray(0, DRAWN)) await probe({ element: index });
  for (const dense of [0, 1]) {
    try {
      await probe({ weights: drawWeights(comparison.key.fold(dense), size) });
    } catch (error) {
      for (let index = 0; index < size; index++) await probe({ element: index });
      throw error;
    }
  }
}

type Direction = { readonly element: number } | { readonly weights: Float64Array };

async function probeAlong(
  valueOf: Executable,
  feeds: Arrays,
  { what, label, position, got, name, step, tolerance }: Comparison,
  direction: Direction,
): Promise<void> {
  const x = feeds[`x${position}`]!;
  const along = (index: number) =>
    "element" in direction ? Number(index === direction.element) : direction.weights[index]!;
  const ends = [1, -1].map((sign) =>
    Float64Array.from(x.data, (centre, index) => centre + sign * step * Math.max(1, Math.abs(centre)) * along(index)),
  );
  const values: number[] = [];
  for (const data of ends) {
    const results = await valueOf.run({ ...feeds, [`x${position}`]: ndarray("float64", x.shape, data) });
    values.push(results[what]!.data[0]!);
  }
  // Distances of the rounded ends, which are not exactly twice the step. Along one element both sides are its derivative; along all
  // of them, the change per step.
  const distance = (index: number) => ends[0]![index]! - ends[1]![index]!;
  const unit = "element" in direction ? distance(direction.element) : 2 * step;
  let actual = 0;
  for (let index = 0; index < x.data.length; index++) {
    if (along(index) !== 0) actual += (got.data[index]! * distance(index)) / unit;
  }
  const expected = (values[0]! - values[1]!) / unit;
  const at = "element" in direction ? `element ${direction.element}` : "a direction along all elements";
  const details = { where: `${name}, input ${position}, ${at} of [${x.shape.join(", ")}]` };
  if (!Number.isFinite(expected) || !Number.isFinite(actual)) {
    throw new GraphError("GRADIENT_NOT_FINITE", `${label} is ${actual}, central difference ${expected}`, details);
  }
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  if (error > tolerance) {
    throw new GraphError(
      "GRADIENT_WRONG",
      `${label} of ${name} by ${at} of input ${position}: got ${actual}, expected ${expected}, off by ${error.toExponential(2)}`,
      { ...details, fix: "Correct the vjp rule, or move the input away from a kink." },
    );
  }
}
