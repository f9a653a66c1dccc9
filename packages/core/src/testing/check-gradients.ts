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
  /** Seed of the random projections. */
  readonly seed?: number;
}

/**
 * Compares derivatives with central differences, in float64 on the reference backend.
 *
 * With random weights c the results f are folded into one number φ(x) = Σ c·f(x), whose gradient g(x) is compared with
 * (φ(x + h) − φ(x − h)) / 2h for every element. For the second order, ψ(x) = Σ r·g(x) with random r is differentiated and compared
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
  const { values, derivatives } = programs(name, f, at, wrt, order, Key.fromSeed(seed));
  const backend = referenceBackend();
  try {
    const feeds = Object.fromEntries(at.map((array, position) => [`x${position}`, array]));
    const valueOf = await backend.compile(values);
    const analytic = await (await backend.compile(derivatives)).run(feeds);
    for (const [what, label] of ORDERS.slice(0, order)) {
      for (const position of wrt) {
        const got = analytic[`${what}${position}`]!;
        await compare(valueOf, feeds, { what, label, position, got, name, step, tolerance });
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

/** Σ c·t over all tensors, with weights from ±[0.5, 1.5]: none so small that it would hide an element. */
function project(tensors: readonly Tensor[], key: Key): Tensor {
  return tensors
    .map((tensor, index) => {
      const signs = key.fold(index).fold("sign").uniform(tensor.size);
      const weights = key
        .fold(index)
        .uniform(tensor.size, 0.5, 1.5)
        .map((weight, at) => (signs[at]! < 0.5 ? -weight : weight));
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
}

async function compare(valueOf: Executable, feeds: Arrays, comparison: Comparison): Promise<void> {
  const { what, label, position, got, name, step, tolerance } = comparison;
  const x = feeds[`x${position}`]!;
  const valueAt = async (index: number, value: number) => {
    const data = Float64Array.from(x.data);
    data[index] = value;
    const results = await valueOf.run({ ...feeds, [`x${position}`]: ndarray("float64", x.shape, data) });
    return results[what]!.data[0]!;
  };
  for (let index = 0; index < x.data.length; index++) {
    const centre = x.data[index]!;
    const [above, below] = [
      centre + step * Math.max(1, Math.abs(centre)),
      centre - step * Math.max(1, Math.abs(centre)),
    ];
    // Divided by the distance of the rounded ends, which is not exactly twice the step.
    const expected = ((await valueAt(index, above)) - (await valueAt(index, below))) / (above - below);
    const actual = got.data[index]!;
    const details = { where: `${name}, input ${position}, element ${index} of [${x.shape.join(", ")}]` };
    if (!Number.isFinite(expected) || !Number.isFinite(actual)) {
      throw new GraphError("GRADIENT_NOT_FINITE", `${label} is ${actual}, central difference ${expected}`, details);
    }
    const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
    if (error > tolerance) {
      throw new GraphError(
        "GRADIENT_WRONG",
        `${label} of ${name} by element ${index} of input ${position}: got ${actual}, expected ${expected}, off by ${error.toExponential(2)}`,
        { ...details, fix: "Correct the vjp rule, or move the input away from a kink." },
      );
    }
  }
}
