import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import { gradients } from "../../ir/grad.js";
import { type Program, spec, trace } from "../../ir/program.js";
import type { Key } from "../../random/key.js";
import { referenceBackend } from "../../reference/reference-backend.js";
import { compareSlopes } from "../compare-slopes.js";
import { groupOf } from "../entry-checks.js";
import { charts, domainOf } from "./domains.js";
import type { LossPoint } from "./draw-point.js";
import { buildLoss, type LossSubject, PARAMETER } from "./loss-subject.js";

const GRADIENT = "gradient/";

/**
 * Compares a loss's gradients with differences in float64 on the reference backend, at a drawn point, by every differentiable input
 * and every owned weight. Inputs move along their charts, so that posteriors stay on the simplex.
 *
 * @throws CheckFailedError CHECK_GRADIENT_WRONG naming input and element; CHECK_GRADIENT_UNTESTED where most of it sits on kinks
 */
export async function checkLossGradients(subject: LossSubject, point: LossPoint, key: Key): Promise<void> {
  const what = groupOf(subject.loss);
  const moved = movedArrays(subject, point);
  const moving = Object.keys(moved);
  const still = Object.entries(point.parameters).map(([name, array]) => [PARAMETER + name, array]);
  const feeds: Record<string, NdArray> = { ...point.inputs, ...Object.fromEntries(still), ...moved };
  const backend = referenceBackend();
  try {
    const valueOf = await backend.compile(chartProgram(subject, point, feeds, []));
    const results = await (await backend.compile(chartProgram(subject, point, feeds, moving))).run(feeds);
    const slopes = Object.fromEntries(moving.map((name) => [name, results[GRADIENT + name]!]));
    await compareSlopes({
      what,
      where: `${what} with ${JSON.stringify(subject.config)}`,
      valueOf,
      feeds,
      moving,
      gradients: slopes,
      key,
      fix: "Correct the vjp of the host operator that it is made of, or, where something is held fixed on purpose, say so in `heldFixed`.",
    });
  } finally {
    await backend.dispose();
  }
}

/** What differences move: the free numbers of differentiable inputs, and owned weights. */
function movedArrays({ loss, config }: LossSubject, point: LossPoint): Record<string, NdArray<"float64">> {
  const free = Object.entries(point.free).filter(([name]) => loss.inputs[name]!.differentiable);
  const running = loss.running?.(config) ?? [];
  const owned = Object.entries(point.parameters).flatMap(([name, { shape, data }]) =>
    running.includes(name) ? [] : [[PARAMETER + name, ndarray("float64", shape, data)] as const],
  );
  return Object.fromEntries([...free, ...owned]);
}

function chartProgram(
  subject: LossSubject,
  point: LossPoint,
  feeds: Readonly<Record<string, NdArray>>,
  by: readonly string[],
): Program {
  const { inputs: declared } = subject.loss;
  return trace({
    name: `${by.length > 0 ? "gradients" : "value"} of ${groupOf(subject.loss)}`,
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)])),
    build(fed) {
      const inputs = Object.fromEntries(
        Object.keys(point.inputs).map((name) => {
          const moves = Object.hasOwn(point.free, name) && declared[name]!.differentiable;
          return [name, moves ? charts[domainOf(name, declared[name]!)]!(fed[name]!) : fed[name]!];
        }),
      );
      const parameters = Object.fromEntries(
        Object.keys(point.parameters).map((name) => [name, fed[PARAMETER + name]!]),
      );
      const value = buildLoss(subject, inputs, parameters);
      const targets = by.map((name) => fed[name]!);
      const slopes = by.length > 0 ? gradients(value, targets) : [];
      return { outputs: { value, ...Object.fromEntries(by.map((name, at) => [GRADIENT + name, slopes[at]!])) } };
    },
  });
}
