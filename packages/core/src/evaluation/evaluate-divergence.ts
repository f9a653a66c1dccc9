import { type NdArray, showShape } from "../arrays/nd-array.js";
import { bindDivergence } from "../container/bind-divergence.js";
import type { Catalogue } from "../container/catalogue.js";
import type { Backend } from "../contracts/backend.js";
import type { PointSets } from "../contracts/divergence.js";
import type { ComponentReference } from "../contracts/entry.js";
import { ConfigError, ShapeError } from "../errors.js";
import { gradients } from "../ir/grad.js";
import { spec, trace } from "../ir/program.js";
import type { Tensor } from "../ir/tensor.js";
import { sum } from "../ops/sum.js";
import { requireDomain } from "./check-domain.js";
import { type NumberArray, toArray, toFloats } from "./named-arrays.js";

/** The arrays that a divergence compares. */
export interface DivergenceInputs {
  /** [n, d] */
  readonly first?: NumberArray;
  /** [m, d] */
  readonly second?: NumberArray;
  /** [n, s, d], instead of rows. */
  readonly firstSet?: NumberArray;
  /** [m, t, d] */
  readonly secondSet?: NumberArray;
  /** [n, s]: 1 where a point belongs to its set. */
  readonly firstMask?: NumberArray;
  /** [m, t] */
  readonly secondMask?: NumberArray;
}

export interface EvaluateDivergenceOptions {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  /** The divergence's name, or its name with its configuration. */
  readonly divergence: ComponentReference;
  readonly inputs: DivergenceInputs;
  /** The weights of a learned divergence. */
  readonly parameters?: Readonly<Record<string, NumberArray>>;
}

export interface DivergenceEvaluation {
  /** D(first, second) of all pairs [n, m]. */
  readonly matrix: NdArray;
  /** Of the sum of all entries, by what was compared: `first` and `second`, or `firstSet` and `secondSet`. */
  readonly gradients: Readonly<Record<string, NdArray>>;
}

const PARAMETER = "parameter/";

/**
 * A divergence between all pairs of rows, or of sets of rows, with gradients, computed by a backend in its floating-point type.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN, INPUT_UNKNOWN, INPUT_MISSING, DIVERGENCE_OF_SETS,
 *         DIVERGENCE_OF_POINTS; ShapeError RANK_MISMATCH, AXIS_MISMATCH; DataError ARRAY_INVALID, OUTSIDE_DOMAIN
 */
export async function evaluateDivergence(options: EvaluateDivergenceOptions): Promise<DivergenceEvaluation> {
  const { catalogue, backend, divergence } = options;
  const bound = bindDivergence(catalogue, divergence);
  const where = `divergence "${bound.name}"`;
  const [compared, masks] = inputNames(options.inputs, where);
  const feeds: Record<string, NdArray> = {};
  for (const name of [...compared, ...masks]) {
    feeds[name] = toArray(backend.float, options.inputs[name]!, `${where}, input "${name}"`);
  }
  requireShapes(feeds, compared, masks, where);
  for (const [at, input] of compared.entries()) {
    const domain = bound.domain[at === 0 ? "first" : "second"];
    // What fills a set up is never looked at.
    if (masks.length === 0) requireDomain(feeds[input]!, domain, { name: bound.name, input });
  }
  const weights = toFloats(backend.float, options.parameters ?? {}, where);
  for (const [name, array] of Object.entries(weights)) feeds[PARAMETER + name] = array;
  const program = trace({
    name: `evaluate ${bound.name}`,
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)])),
    build(fed) {
      const parameters = Object.fromEntries(Object.keys(weights).map((name) => [name, fed[PARAMETER + name]!]));
      const own = bindDivergence(catalogue, divergence, parameters);
      const [first, second] = [fed[compared[0]]!, fed[compared[1]]!];
      const matrix =
        compared[0] === "first"
          ? own.matrix(first, second)
          : own.sets(pointSets(first, fed.firstMask), pointSets(second, fed.secondMask));
      const [byFirst, bySecond] = gradients(sum(matrix), [first, second]);
      return { outputs: { matrix, first: byFirst!, second: bySecond! } };
    },
  });
  const executable = await backend.compile(program);
  try {
    const { matrix, first, second } = await executable.run(feeds);
    return { matrix: matrix!, gradients: { [compared[0]]: first!, [compared[1]]: second! } };
  } finally {
    await executable.dispose();
  }
}

type InputName = keyof DivergenceInputs;

const pointSets = (points: Tensor, mask: Tensor | undefined): PointSets => (mask ? { points, mask } : { points });

/** The two inputs that are compared, and the masks that are given. */
function inputNames(inputs: DivergenceInputs, where: string): [readonly [InputName, InputName], readonly InputName[]] {
  const given = Object.keys(inputs) as InputName[];
  const sets = given.some((name) => name.endsWith("Set"));
  const compared = sets ? (["firstSet", "secondSet"] as const) : (["first", "second"] as const);
  const masks = sets ? (["firstMask", "secondMask"] as const) : [];
  const missing = compared.find((name) => !inputs[name]);
  if (missing) {
    throw new ConfigError("INPUT_MISSING", `input "${missing}" is missing`, {
      where,
      fix: "Pass rows as first [n, d] and second [m, d], or sets as firstSet [n, s, d] and secondSet [m, t, d].",
    });
  }
  const unknown = given.find((name) => ![...compared, ...masks].includes(name as never));
  if (unknown) {
    throw new ConfigError("INPUT_UNKNOWN", `there is no input "${unknown}" beside ${compared.join(" and ")}`, {
      where,
      fix: `Pass ${[...compared, ...masks].join(", ")}.`,
    });
  }
  return [compared, masks.filter((name) => inputs[name])];
}

function requireShapes(
  feeds: Readonly<Record<string, NdArray>>,
  [first, second]: readonly [InputName, InputName],
  masks: readonly InputName[],
  where: string,
): void {
  const rank = first === "first" ? 2 : 3;
  for (const name of [first, second]) {
    const { shape } = feeds[name]!;
    if (shape.length === rank) continue;
    throw new ShapeError("RANK_MISMATCH", `input "${name}" is ${showShape(shape)}, not of ${rank} axes`, {
      where,
      fix: rank === 2 ? "Pass rows [n, d]." : "Pass sets of points [n, s, d].",
    });
  }
  const [a, b] = [feeds[first]!.shape, feeds[second]!.shape];
  if (a.at(-1) !== b.at(-1)) {
    throw new ShapeError("AXIS_MISMATCH", `rows of "${first}" are ${a.at(-1)} wide, those of "${second}" ${b.at(-1)}`, {
      where,
      fix: "Compare rows of one width.",
    });
  }
  for (const mask of masks) {
    const sets = feeds[mask === "firstMask" ? first : second]!.shape;
    const { shape } = feeds[mask]!;
    if (shape.length === 2 && shape[0] === sets[0] && shape[1] === sets[1]) continue;
    throw new ShapeError("AXIS_MISMATCH", `"${mask}" is ${showShape(shape)} beside sets ${showShape(sets)}`, {
      where,
      fix: "Give a mask one number for each point: [n, s].",
    });
  }
}
