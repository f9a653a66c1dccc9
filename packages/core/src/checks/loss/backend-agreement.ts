import type { NdArray } from "../../arrays/nd-array.js";
import type { Backend } from "../../contracts/backend.js";
import type { Key } from "../../random/key.js";
import { referenceBackend } from "../../reference/reference-backend.js";
import { requireEqual, requireThat } from "../assertions.js";
import { groupOf } from "../entry-checks.js";
import { runOnce } from "../run-once.js";
import { copyOf, sameBytes, watchHostOperators } from "../watch-host-operators.js";
import { drawPoint, inputSets } from "./draw-point.js";
import { asFloat, evaluateAt, feedsOf, type LossSubject, lossProgram, notFinite, outcomeOf } from "./loss-subject.js";

/** |got − expected| ≤ this · max(1, |expected|) for values, the contract's tolerance of float32 and float64. */
const VALUE = { float32: 1e-4, float64: 1e-9 } as const;
/** The same for gradients, relative to the largest element: small ones are differences of large ones. */
const GRADIENT = { float32: 1e-3, float64: 1e-8 } as const;

/**
 * Evaluates a loss at a drawn point on a backend: value and gradients are finite, agree with the float64 reference on the very same
 * numbers, and leave what was fed as it was.
 *
 * @throws CheckFailedError CHECK_NOT_FINITE, CHECK_VALUE_WRONG, CHECK_GRADIENT_WRONG, CHECK_INPUT_MUTATED
 */
export async function checkBackendAgrees(subject: LossSubject, backend: Backend, key: Key): Promise<void> {
  const group = groupOf(subject.loss);
  const where = `${group} with ${JSON.stringify(subject.config)} on ${backend.name}`;
  const { float } = backend;
  for (const names of await inputSets(subject, key)) {
    const point = asFloat(await drawPoint(subject, names, key), float);
    const feeds = feedsOf(point);
    const before = Object.values(feeds).map(copyOf);
    const program = lossProgram(subject, point);
    const results = await runOnce(backend, program, feeds);
    requireFedAsBefore(Object.values(feeds), before, group);
    for (const [name, array] of Object.entries(results)) requireEqual(array.dtype, float, `the type of ${name}`);
    const got = outcomeOf(subject, point, results);
    const complaint = notFinite(got);
    requireThat(!complaint, "CHECK_NOT_FINITE", `${group} at a drawn point: ${complaint}`, {
      where,
      fix: "Look for the logarithm or the root of what may be negative, and for a quotient by what may be 0; bound or mask it first.",
    });
    const wide = asFloat(point, "float64");
    const expected = await evaluateAt(subject, wide, referenceBackend());
    const off = Math.abs(got.value - expected.value) / Math.max(1, Math.abs(expected.value));
    requireThat(
      off <= VALUE[float],
      "CHECK_VALUE_WRONG",
      `the value is ${got.value} on ${backend.name} and ${expected.value} on the reference`,
      { where },
    );
    // Where the reference itself jumps when every float is moved by a rounding, a backend of that width may stand on either side.
    const moved = await evaluateAt(
      subject,
      asFloat(asFloat(moveByRounding(wide), float), "float64"),
      referenceBackend(),
    );
    for (const [name, slope] of Object.entries(got.gradients)) {
      const wanted = expected.gradients[name]!;
      const largest = Array.from(wanted.data).reduce((most, element) => Math.max(most, Math.abs(element)), 0);
      slope.data.forEach((element, at) => {
        // Where all of it is 0, what is left are roundings of numbers near 1.
        const slack = GRADIENT[float] * Math.max(largest, 1e-3);
        const unsure = Math.abs(moved.gradients[name]!.data[at]! - wanted.data[at]!);
        requireThat(
          Math.abs(element - wanted.data[at]!) <= slack + 10 * unsure,
          "CHECK_GRADIENT_WRONG",
          `the gradient by ${name} is ${element} at element ${at} on ${backend.name}, ${wanted.data[at]} on the reference`,
          { where },
        );
      });
    }
  }
}

function requireFedAsBefore(fed: readonly NdArray[], before: readonly NdArray[], group: string): void {
  const changed = fed.findIndex((array, at) => !sameBytes(array, before[at]!));
  requireThat(changed < 0, "CHECK_INPUT_MUTATED", `${group} changes what it is fed`, {
    where: group,
    fix: "Let no host operator write into its inputs.",
  });
}

function moveByRounding(point: Parameters<typeof asFloat>[0]): Parameters<typeof asFloat>[0] {
  const each = (arrays: Readonly<Record<string, NdArray>>) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [
        name,
        array.dtype === "float64"
          ? {
              ...array,
              data: Float64Array.from(array.data, (element, at) => element * (1 + (at % 2 ? 2 : -2) * 2 ** -23)),
            }
          : array,
      ]),
    );
  return { inputs: each(point.inputs), parameters: each(point.parameters) };
}

/**
 * Runs a loss and its gradient with a watch on its host operators, twice: they change no input and give the same bytes again.
 *
 * @throws CheckFailedError CHECK_INPUT_MUTATED, CHECK_NOT_DETERMINISTIC
 */
export async function checkRepeatable(subject: LossSubject, backend: Backend, key: Key): Promise<void> {
  const group = groupOf(subject.loss);
  for (const names of await inputSets(subject, key)) {
    const point = asFloat(await drawPoint(subject, names, key), backend.float);
    const watched = watchHostOperators(lossProgram(subject, point));
    // What else goes wrong in a spoilt run is the lesser news.
    const first = await runOnce(backend, watched.program, feedsOf(point)).catch((error: unknown) => {
      watched.report();
      throw error;
    });
    watched.report();
    const second = await runOnce(backend, lossProgram(subject, point), feedsOf(point));
    for (const [name, array] of Object.entries(first)) {
      requireThat(
        sameBytes(array, second[name]!),
        "CHECK_NOT_DETERMINISTIC",
        `${group} gives another ${name} when run again`,
        {
          where: `${group} on ${backend.name}`,
          fix: "Draw from a key that is configured, and keep no state between builds or calls.",
        },
      );
    }
  }
}
