import type { NdArray, Shape } from "../../arrays/nd-array.js";
import type { LossFacts } from "../../contracts/loss.js";
import { isSemblanceError, type SemblanceError } from "../../errors.js";
import type { Key } from "../../random/key.js";
import { ownedWeights } from "../../training/owned-weights.js";
import { requireCoded } from "../assertions.js";
import { CheckFailedError } from "../check.js";
import { groupOf } from "../entry-checks.js";
import { runFunction } from "../run-function.js";
import { charts, domainOf, drawFree, drawRelations, drawWhole } from "./domains.js";
import { type LossArrays, type LossSubject, lossProgram } from "./loss-subject.js";

/** A drawn point, and the free numbers that its float inputs were made from (see `charts`). */
export interface LossPoint extends LossArrays {
  readonly free: Readonly<Record<string, NdArray<"float64">>>;
}

export interface PointSize {
  readonly rows: number;
  readonly classes: number;
}

/** Large enough for several rows of each class, small enough to difference every element. */
export const USUAL: PointSize = { rows: 8, classes: 3 };
/** Extents of axes that nothing determines: all different, so that a mistaken axis does not fit by chance. */
const SPARE_EXTENTS = [4, 5, 2, 6, 7];

/** The axis that counts rows: the first of the first input. */
export function rowAxis({ loss }: Pick<LossSubject, "loss">): string | undefined {
  return Object.values(loss.inputs)[0]?.axes[0];
}

/** The extent of each named axis of a loss's inputs. */
function extentsOf({ loss, config }: LossSubject, facts: LossFacts): Map<string, number> {
  const extents = new Map<string, number>();
  const rows = rowAxis({ loss });
  if (rows !== undefined) extents.set(rows, facts.rows);
  const outputs = loss.outputs?.(config, facts) ?? 3;
  for (const [name, input] of Object.entries(loss.inputs)) {
    const head = domainOf(name, input) === "simplex" || name === "logits";
    const last = input.axes.at(-1);
    if (head && input.axes.length > 1 && last !== undefined && !extents.has(last)) extents.set(last, outputs);
  }
  const spare = [...SPARE_EXTENTS];
  for (const { axes } of Object.values(loss.inputs)) {
    for (const axis of axes) if (!extents.has(axis)) extents.set(axis, spare.shift() ?? 3);
  }
  return extents;
}

/** Draws the named inputs of a loss, and the weights that it owns. */
export async function drawPoint(
  subject: LossSubject,
  names: readonly string[],
  key: Key,
  { rows, classes }: PointSize = USUAL,
): Promise<LossPoint> {
  const { loss, config } = subject;
  const known: LossFacts = { rows, classes };
  const extents = extentsOf(subject, known);
  const embeddings = (loss.inputs.embeddings ?? loss.inputs.anchors)?.axes.at(-1);
  const width = embeddings === undefined ? undefined : extents.get(embeddings);
  const facts: LossFacts = width === undefined ? known : { ...known, width };
  const inputs: Record<string, NdArray> = {};
  const free: Record<string, NdArray<"float64">> = {};
  for (const name of names) {
    const input = loss.inputs[name]!;
    const shape: Shape = input.axes.map((axis) => extents.get(axis)!);
    const domain = domainOf(name, input);
    const own = key.fold(name);
    if (domain === "relations") {
      inputs[name] = drawRelations(own, shape, classes);
      continue;
    }
    const chart = charts[domain];
    if (input.type === "int32" || !chart) {
      inputs[name] = drawWhole(own, shape, domain, classes);
      continue;
    }
    free[name] = drawFree(own, shape);
    [inputs[name]] = (await runFunction(chart, [free[name]!])) as [NdArray];
  }
  const parameters = ownedWeights(subject.catalogue, { entry: loss, config }, key.fold("parameters"), facts);
  return { inputs, parameters, free };
}

/**
 * The sets of inputs that a configuration can be built with: those that it needs, and each choice of optional ones that fits.
 *
 * @throws CheckFailedError CHECK_EXAMPLE_MISSING when none does; CHECK_ERROR_UNCODED when one is refused without a code
 */
export async function inputSets(subject: LossSubject, key: Key): Promise<readonly (readonly string[])[]> {
  const entries = Object.entries(subject.loss.inputs);
  const needed = entries.flatMap(([name, { optional }]) => (optional ? [] : [name]));
  const optional = entries.flatMap(([name, input]) => (input.optional ? [name] : []));
  const fitting: (readonly string[])[] = [];
  let refusal: SemblanceError | undefined;
  for (let bits = 0; bits < 2 ** optional.length; bits++) {
    const names = [...needed, ...optional.filter((_, at) => (bits >> at) & 1)];
    try {
      lossProgram(subject, await drawPoint(subject, names, key));
      fitting.push(names);
    } catch (error) {
      if (error instanceof CheckFailedError) throw error;
      refusal = requireCoded(error, `building ${groupOf(subject.loss)} from ${names.join(", ") || "nothing"}`);
    }
  }
  if (fitting.length > 0) return fitting;
  throw new CheckFailedError(
    "CHECK_EXAMPLE_MISSING",
    `${groupOf(subject.loss)} with ${JSON.stringify(subject.config)} cannot be built from any of its inputs: ${refusal?.message}`,
    {
      where: groupOf(subject.loss),
      fix: "Give its inputs a `domain` that says what values are legal, or the loss `examples` of configurations that fit.",
      ...(isSemblanceError(refusal) ? { cause: refusal } : {}),
    },
  );
}
