import { convert } from "../arrays/dtype.js";
import { type NdArray, ndarray, showShape } from "../arrays/nd-array.js";
import { buildContext } from "../container/build-context.js";
import type { Catalogue } from "../container/catalogue.js";
import type { Backend } from "../contracts/backend.js";
import type { ComponentReference } from "../contracts/entry.js";
import type { Loss } from "../contracts/loss.js";
import { ConfigError, DataError, ShapeError } from "../errors.js";
import { gradients as gradientsOf } from "../ir/grad.js";
import { spec, trace } from "../ir/program.js";
import type { Tensor } from "../ir/tensor.js";
import { affinityInput, requireFiniteAffinity } from "./affinity-input.js";
import { checkLossInputs } from "./check-loss-inputs.js";
import { requireSimplex } from "./check-simplex.js";
import { type NumberArray, toArray, toFloats } from "./named-arrays.js";

export interface EvaluateLossOptions {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  /** The loss's name, or its name with its configuration. */
  readonly loss: ComponentReference;
  readonly inputs: Readonly<Record<string, NumberArray>>;
  /** The weights that the loss owns. */
  readonly parameters?: Readonly<Record<string, NumberArray>>;
  /** Inputs to differentiate by; without it, all that are given and differentiable. */
  readonly gradients?: readonly string[];
}

export interface LossEvaluation {
  /** The minimised value. */
  readonly value: number;
  /** In the literature's sign, of a loss that states it. */
  readonly score?: number;
  /** Of the minimised value. */
  readonly gradients: Readonly<Record<string, NdArray>>;
  /** The gradients of the loss's own weights. */
  readonly parameterGradients: Readonly<Record<string, NdArray>>;
}

/** Rows of these inputs lie on the simplex: their raw gradient is defined only up to a constant per row. */
const ON_SIMPLEX = ["posteriors", "perturbed"];
const PARAMETER = "parameter/";
const GRADIENT = "gradient/";

/**
 * A loss and its gradients on given arrays, computed by a backend in its floating-point type.
 *
 * Gradients by `posteriors` and `perturbed` are projected through a softmax, p⊙(g − Σₖ pₖgₖ), which is what reaches the logits.
 *
 * Where only a table of the whole data defines the kernel or distance, it is computed from `data` and fed as `affinity`.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN, INPUT_UNKNOWN, INPUT_MISSING; ShapeError RANK_MISMATCH,
 *         AXIS_MISMATCH, LOSS_NOT_SCALAR; DataError ARRAY_INVALID, NOT_ON_SIMPLEX, AFFINITY_NOT_FINITE, LOSS_NOT_FINITE; and whatever the loss throws while it is built.
 */
export async function evaluateLoss(options: EvaluateLossOptions): Promise<LossEvaluation> {
  const { catalogue, backend } = options;
  const { entry, config } = catalogue.choose("loss", options.loss);
  const where = `loss "${entry.name}"`;
  const given = inputArrays(entry, options, where);
  const affinity = await affinityInput({ ...options, loss: entry, config });
  const arrays: Readonly<Record<string, NdArray>> = affinity ? { ...given, affinity } : given;
  checkLossInputs(entry, arrays);
  requireSimplex(entry, arrays);
  const weights = toFloats(backend.float, options.parameters ?? {}, where);
  const wanted = options.gradients ?? Object.keys(arrays).filter((name) => entry.inputs[name]!.differentiable);
  for (const name of wanted) requireDifferentiable(name, arrays, where);

  const feeds: Record<string, NdArray> = { ...arrays };
  for (const [name, array] of Object.entries(weights)) feeds[PARAMETER + name] = array;
  const program = trace({
    name: `evaluate ${entry.name}`,
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)])),
    build(fed) {
      const inputs = Object.fromEntries(Object.keys(arrays).map((name) => [name, fed[name]!]));
      const parameters = Object.fromEntries(Object.keys(weights).map((name) => [name, fed[PARAMETER + name]!]));
      const value = entry.build(inputs, config, buildContext(catalogue, parameters));
      requireScalar(value, where);
      const names = [...wanted, ...Object.keys(weights).map((name) => PARAMETER + name)];
      const cotangents = gradientsOf(
        value,
        names.map((name) => fed[name]!),
      );
      return {
        outputs: { value, ...Object.fromEntries(names.map((name, index) => [GRADIENT + name, cotangents[index]!])) },
      };
    },
  });

  const executable = await backend.compile(program);
  try {
    const results = await executable.run(feeds);
    const value = results.value!.data[0]!;
    if (!Number.isFinite(value)) {
      await requireFiniteAffinity({ ...options, loss: entry, config });
      throw lossNotFinite(value, where);
    }
    return {
      value,
      ...(entry.score ? { score: entry.score(value) } : {}),
      gradients: Object.fromEntries(
        wanted.map((name) => {
          const raw = results[GRADIENT + name]!;
          return [name, ON_SIMPLEX.includes(name) ? projectThroughSoftmax(arrays[name]!, raw) : raw];
        }),
      ),
      parameterGradients: Object.fromEntries(
        Object.keys(weights).map((name) => [name, results[GRADIENT + PARAMETER + name]!]),
      ),
    };
  } finally {
    await executable.dispose();
  }
}

function inputArrays(
  entry: Loss,
  { inputs, backend }: EvaluateLossOptions,
  where: string,
): Readonly<Record<string, NdArray>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, array]) => {
      const dtype = entry.inputs[name]?.type === "int32" ? "int32" : backend.float;
      return [name, toArray(dtype, array, `${where}, input "${name}"`)];
    }),
  );
}

function requireDifferentiable(name: string, arrays: Readonly<Record<string, NdArray>>, where: string): void {
  const array = arrays[name];
  if (array && array.dtype !== "int32") return;
  throw new ConfigError("GRADIENT_UNKNOWN", `there is no gradient by "${name}"`, {
    where,
    fix: `Ask for floating-point inputs that are given: ${Object.keys(arrays).join(", ")}.`,
  });
}

function requireScalar(value: Tensor, where: string): void {
  if (value.size === 1) return;
  throw new ShapeError("LOSS_NOT_SCALAR", `the loss is ${value.dtype}${showShape(value.shape)}, not one number`, {
    where,
    fix: "A loss reduces its terms, for instance with mean.",
  });
}

function lossNotFinite(value: number, where: string): DataError {
  return new DataError("LOSS_NOT_FINITE", `the loss is ${value}`, {
    where,
    fix: "It has no finite value at these inputs. Of a divergence without upper bound, keep posteriors above 0 where their cluster is used.",
  });
}

/** p⊙(g − Σₖ pₖgₖ) for each row of p and g [n, k]: the gradient by the logits whose softmax is p. */
export function projectThroughSoftmax(p: NdArray, g: NdArray): NdArray {
  const width = p.shape.at(-1) ?? 1;
  const out = new Float64Array(p.data.length);
  for (let start = 0; start < out.length; start += width) {
    let inner = 0;
    for (let k = start; k < start + width; k++) inner += p.data[k]! * g.data[k]!;
    for (let k = start; k < start + width; k++) out[k] = p.data[k]! * (g.data[k]! - inner);
  }
  return ndarray(g.dtype, g.shape, convert(g.dtype, out));
}
