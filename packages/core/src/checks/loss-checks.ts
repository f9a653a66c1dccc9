import type { Catalogue } from "../container/catalogue.js";
import { createCatalogue } from "../container/create-catalogue.js";
import type { Loss } from "../contracts/loss.js";
import type { LossLaw } from "../contracts/loss-law.js";
import { type Case, parseCases } from "../evaluation/case.js";
import { compareCase } from "../evaluation/compare-case.js";
import { evaluateCase } from "../evaluation/evaluate-case.js";
import { Key } from "../random/key.js";
import { referenceBackend } from "../reference/reference-backend.js";
import { requireThat } from "./assertions.js";
import { type Check, CheckFailedError } from "./check.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";
import { lawsOf } from "./laws/index.js";
import { checkBackendAgrees, checkRepeatable } from "./loss/backend-agreement.js";
import { BATCHES, type BatchName, checkBatch } from "./loss/batch-checks.js";
import { domainOf } from "./loss/domains.js";
import { drawPoint, inputSets } from "./loss/draw-point.js";
import { checkLossGradients } from "./loss/gradient-check.js";
import { evaluateAt, type LossArrays, type LossSubject } from "./loss/loss-subject.js";
import { checkRefusals } from "./loss/refusal-checks.js";
import { type NamedBackends, REFERENCE_ONLY, withBackend } from "./named-backends.js";

export interface LossCheckOptions {
  /** Where kernels and other components are looked up; core's own by default. */
  readonly catalogue?: Catalogue;
  /** Backends to run on; the reference alone by default. */
  readonly backends?: NamedBackends;
  /** Configurations instead of the loss's own `examples`. */
  readonly examples?: readonly ExampleConfig[];
  /** Cases in the contract's format, of this loss; the loss must be in the catalogue. */
  readonly cases?: readonly Case[];
}

/** Laws and gradients are tried at this many drawn points. */
const POINTS = 2;
const SEED = 20_260_105;

/**
 * What every loss owes, for each of its example configurations: finite values and gradients that agree on every backend, gradients
 * that agree with differences in float64, its declared laws, sense on nasty batches, host operators that change nothing and repeat
 * themselves, coded refusals of what does not fit, a strict and described schema, and its cases.
 */
export function lossChecks(loss: Loss, options: LossCheckOptions = {}): Check[] {
  const { backends = REFERENCE_ONLY, catalogue = createCatalogue(), cases = [] } = options;
  const group = groupOf(loss);
  const checks: Check[] = entryChecks(loss, options.examples);
  const examples = examplesOf(loss, options.examples);
  for (const example of examples) {
    const suffix = examples.length > 1 || Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const add = (title: string, run: (subject: LossSubject) => Promise<void>, skip?: string) =>
      checks.push({
        group,
        title: `${title}${suffix}`,
        ...(skip === undefined ? {} : { skip }),
        run: async () => run({ loss, config: settled(loss, example), catalogue }),
      });
    const key = Key.fromSeed(SEED).fold(loss.name);

    add("gradients agree with differences", (subject) => checkGradientsAtPoints(subject, key), loss.heldFixed);
    for (const law of lawsOf(loss)) add(`law: ${law.name}`, (subject) => checkLaw(subject, law, key));
    add("refuses what does not fit its inputs", (subject) => checkRefusals(subject, key));
    for (const [name, make] of Object.entries(backends)) {
      add(`agrees with the reference on ${name}`, (subject) =>
        withBackend(make, (backend) => checkBackendAgrees(subject, backend, key)),
      );
      add(`changes no input and repeats itself on ${name}`, (subject) =>
        withBackend(make, (backend) => checkRepeatable(subject, backend, key)),
      );
      for (const batch of Object.keys(BATCHES) as BatchName[]) {
        add(`on ${batch} is finite or refused, on ${name}`, (subject) =>
          withBackend(make, (backend) => checkBatch(subject, batch, backend, key)),
        );
      }
    }
  }
  for (const [name, make] of Object.entries(backends)) {
    for (const item of cases) {
      checks.push({
        group,
        title: `case ${item.id} on ${name}`,
        run: () => withBackend(make, (backend) => checkCase(item, { catalogue, backend })),
      });
    }
  }
  return checks;
}

async function checkGradientsAtPoints(subject: LossSubject, key: Key): Promise<void> {
  for (const names of await inputSets(subject, key)) {
    for (let point = 0; point < POINTS; point++) {
      const own = key.fold("gradients").fold(point);
      const drawn = await drawPoint(subject, names, own);
      try {
        await checkLossGradients(subject, drawn, own);
      } catch (error) {
        await requireJudgeable(subject, drawn);
        throw error;
      }
    }
  }
}

/**
 * What is not a number breaks every law and has no slope: that it is none is told by a check of its own, and once is enough.
 *
 * @throws CheckFailedError CHECK_NOT_JUDGED
 */
async function requireJudgeable(subject: LossSubject, point: LossArrays): Promise<void> {
  const { value } = await evaluateAt(subject, point, referenceBackend());
  requireThat(Number.isFinite(value), "CHECK_NOT_JUDGED", `not judged: the value is ${value} at the drawn point`, {
    where: `${groupOf(subject.loss)} with ${JSON.stringify(subject.config)}`,
    fix: "Make it finite first; CHECK_NOT_FINITE says how.",
  });
}

/** @throws CheckFailedError CHECK_LAW_BROKEN naming the law and what was seen; CHECK_NOT_JUDGED */
async function checkLaw(subject: LossSubject, law: LossLaw, key: Key): Promise<void> {
  const backend = referenceBackend();
  for (const names of await inputSets(subject, key)) {
    for (let at = 0; at < POINTS; at++) {
      const point = await drawPoint(subject, names, key.fold("laws").fold(at));
      const complaint = await law.check({
        inputs: point.inputs,
        parameters: point.parameters,
        config: subject.config,
        key: key.fold(law.name).fold(at),
        inputsOn: (domain) => names.filter((name) => domainOf(name, subject.loss.inputs[name]!) === domain),
        evaluate: ({ inputs = {}, parameters = {}, config = subject.config } = {}) =>
          evaluateAt(
            { ...subject, config },
            { inputs: { ...point.inputs, ...inputs }, parameters: { ...point.parameters, ...parameters } },
            backend,
          ),
      });
      if (complaint === undefined) continue;
      await requireJudgeable(subject, point);
      throw new CheckFailedError("CHECK_LAW_BROKEN", `${groupOf(subject.loss)} is not ${law.name}: ${complaint}`, {
        where: `${groupOf(subject.loss)} with ${JSON.stringify(subject.config)}, inputs ${names.join(", ")}`,
        fix:
          law.name === "row-permutation-invariant"
            ? "Let no result depend on the order of rows, or set `orderedRows` where rows have their places."
            : "Correct the loss, or do not claim the law.",
      });
    }
  }
}

async function checkCase(item: Case, context: Parameters<typeof evaluateCase>[1]): Promise<void> {
  // What the file says is checked as a file's text would be.
  const [checked] = parseCases(JSON.stringify([item]), `case "${item.id}"`);
  const tolerance = item.tolerance?.[context.backend.float] ?? (context.backend.float === "float64" ? 1e-9 : 1e-4);
  const { failures } = compareCase(checked!, await evaluateCase(checked!, context), tolerance);
  requireThat(failures.length === 0, "CHECK_VALUE_WRONG", failures.join("; "), {
    where: `case "${item.id}" on ${context.backend.name}`,
  });
}
