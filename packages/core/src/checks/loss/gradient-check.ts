import { type NdArray, ndarray, showShape } from "../../arrays/nd-array.js";
import { gradients } from "../../ir/grad.js";
import { type Program, spec, trace } from "../../ir/program.js";
import type { Key } from "../../random/key.js";
import { referenceBackend } from "../../reference/reference-backend.js";
import { CheckFailedError } from "../check.js";
import { groupOf } from "../entry-checks.js";
import { judgeSlope } from "../slope.js";
import { charts, domainOf } from "./domains.js";
import type { LossPoint } from "./draw-point.js";
import { buildLoss, type LossSubject, PARAMETER } from "./loss-subject.js";

/** Arrays of up to this many elements are differenced element by element; of larger ones this many drawn elements. */
const FEW = 40;
const DRAWN = 10;
/** Directions that see every element at once. */
const DENSE = 2;

/**
 * Compares a loss's gradients with differences in float64 on the reference backend, at a drawn point, by every differentiable input
 * and every owned weight. Inputs move along their charts, so that posteriors stay on the simplex.
 *
 * @throws CheckFailedError CHECK_GRADIENT_WRONG naming input and element; CHECK_GRADIENT_UNTESTED where most of it sits on kinks
 */
export async function checkLossGradients(subject: LossSubject, point: LossPoint, key: Key): Promise<void> {
  const group = groupOf(subject.loss);
  const moving = movingArrays(subject, point);
  const fixed = Object.fromEntries(Object.entries(point.inputs).filter(([name]) => !Object.hasOwn(moving, name)));
  const feeds: Record<string, NdArray> = { ...fixed, ...moving };
  const backend = referenceBackend();
  try {
    const valueOf = await backend.compile(chartProgram(subject, point, feeds, []));
    const names = Object.keys(moving);
    const slopes = await (await backend.compile(chartProgram(subject, point, feeds, names))).run(feeds);
    let kinks = 0;
    let told = 0;
    for (const name of names) {
      const at = moving[name]!;
      const slope = slopes[`gradient/${name}`]!;
      for (const { label, direction } of directions(at, key.fold(name))) {
        const along = (t: number) => at.data.map((element, index) => element + t * direction[index]!);
        const f = async (t: number) =>
          (await valueOf.run({ ...feeds, [name]: ndarray("float64", at.shape, along(t)) })).value!.data[0]!;
        const claimed = Array.from(slope.data).reduce((sum, element, index) => sum + element * direction[index]!, 0);
        const verdict = await judgeSlope(f, claimed);
        if (verdict.kind === "agrees") told++;
        else if (verdict.kind === "kink") kinks++;
        else {
          throw new CheckFailedError(
            "CHECK_GRADIENT_WRONG",
            `the gradient of ${group} by ${name}, ${label}, is ${claimed}; differences say ${verdict.expected}`,
            {
              where: `${group} with ${JSON.stringify(subject.config)}, ${name} ${showShape(at.shape)}`,
              fix: "Correct the vjp of the host operator that it is made of, or, where something is held fixed on purpose, say so in `heldFixed`.",
            },
          );
        }
      }
    }
    if (kinks > told) {
      throw new CheckFailedError(
        "CHECK_GRADIENT_UNTESTED",
        `${kinks} of ${kinks + told} slopes of ${group} lie on kinks at the drawn point, so that its gradient cannot be judged`,
        { where: group, fix: "Give `examples` of configurations that are smooth at ordinary points." },
      );
    }
  } finally {
    await backend.dispose();
  }
}

/** What differences move: the free numbers of differentiable inputs, and owned weights. */
function movingArrays({ loss }: LossSubject, point: LossPoint): Record<string, NdArray<"float64">> {
  const free = Object.entries(point.free).filter(([name]) => loss.inputs[name]!.differentiable);
  const owned = Object.entries(point.parameters).map(
    ([name, { shape, data }]) => [PARAMETER + name, ndarray("float64", shape, data)] as const,
  );
  return Object.fromEntries([...free, ...owned]);
}

function chartProgram(
  subject: LossSubject,
  point: LossPoint,
  feeds: Readonly<Record<string, NdArray>>,
  by: readonly string[],
): Program {
  return trace({
    name: `${by.length > 0 ? "gradients" : "value"} of ${groupOf(subject.loss)}`,
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)])),
    build(fed) {
      const inputs = Object.fromEntries(
        Object.keys(point.inputs).map((name) => {
          const moves = Object.hasOwn(point.free, name) && subject.loss.inputs[name]!.differentiable;
          return [name, moves ? charts[domainOf(name, subject.loss.inputs[name]!)]!(fed[name]!) : fed[name]!];
        }),
      );
      const parameters = Object.fromEntries(
        Object.keys(point.parameters).map((name) => [name, fed[PARAMETER + name]!]),
      );
      const value = buildLoss(subject, inputs, parameters);
      const slopes =
        by.length > 0
          ? gradients(
              value,
              by.map((name) => fed[name]!),
            )
          : [];
      return { outputs: { value, ...Object.fromEntries(by.map((name, at) => [`gradient/${name}`, slopes[at]!])) } };
    },
  });
}

function* directions(at: NdArray, key: Key): Generator<{ label: string; direction: Float64Array }> {
  const size = at.data.length;
  const elements = size <= FEW ? [...Array(size).keys()] : [...key.permutation(size).subarray(0, DRAWN)];
  for (const element of elements) {
    const direction = new Float64Array(size);
    direction[element] = 1;
    yield { label: `element ${element}`, direction };
  }
  for (let dense = 0; dense < DENSE && size > 1; dense++) {
    yield { label: "along all elements", direction: key.fold("dense").fold(dense).normal(size) };
  }
}
