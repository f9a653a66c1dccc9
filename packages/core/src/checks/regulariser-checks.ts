import { type Shape, showShape, sizeOf } from "../arrays/nd-array.js";
import type { Arrays } from "../contracts/backend.js";
import type { ActiveRegulariser, Regulariser } from "../contracts/regulariser.js";
import { Key } from "../random/key.js";
import { referenceBackend } from "../reference/reference-backend.js";
import { requireThat } from "./assertions.js";
import { type Check, CheckFailedError } from "./check.js";
import { differenceOf } from "./difference.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";
import { type NamedBackends, REFERENCE_ONLY, withBackend } from "./named-backends.js";
import { regulariserLearner, regulariserProgram, runSteps } from "./regulariser/regulariser-subject.js";
import { sameBytes } from "./watch-host-operators.js";

export interface RegulariserCheckOptions {
  readonly backends?: NamedBackends;
  readonly examples?: readonly ExampleConfig[];
}

const TOLERANCE = { float32: 1e-3, float64: 1e-8 } as const;
const BATCH = 6;

/**
 * What every regulariser owes, for each example configuration: something to do, feeds that follow from the key and the rows alone,
 * terms that are one finite number with finite gradients, proximal maps that keep shapes, steps that repeat themselves to the last
 * byte, and the same on every backend. It is tried on a network with weights named `head`, `skip`, `hidden.0` and `hidden.1`.
 */
export function regulariserChecks(regulariser: Regulariser, options: RegulariserCheckOptions = {}): Check[] {
  const { backends = REFERENCE_ONLY } = options;
  const group = groupOf(regulariser);
  const checks = entryChecks(regulariser, options.examples);
  for (const example of examplesOf(regulariser, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const make = () => regulariserLearner(regulariser, settled(regulariser, example));
    const add = (title: string, run: () => Promise<void>) => checks.push({ group, title: title + suffix, run });

    add("does something", async () => {
      const { active } = make();
      requireThat(
        [active.term, active.proximal, active.supply].some((part) => typeof part === "function"),
        "CHECK_VALUE_WRONG",
        `${group} has no term, no proximal map and nothing to supply`,
        { where: group, fix: "Return at least one of them from create." },
      );
    });
    add("feeds what it declares, from the key and the rows alone", async () => checkFeeds(make().active, group));
    add("keeps the shapes of weights, and its terms are single numbers", async () => {
      const { learner } = make();
      for (const float of ["float32", "float64"] as const) regulariserProgram(learner, BATCH, float);
    });
    for (const [name, makeBackend] of Object.entries(backends)) {
      add(`stays finite, repeats itself and agrees with the reference on ${name}`, () =>
        withBackend(makeBackend, async (backend) => {
          const first = await runSteps(make().learner, backend, BATCH);
          const again = await runSteps(make().learner, backend, BATCH);
          const expected = await runSteps(make().learner, referenceBackend(), BATCH);
          for (const [key, array] of Object.entries(first)) {
            const where = `${group} on ${name}`;
            requireFinite(first, key, where);
            requireThat(sameBytes(array, again[key]!), "CHECK_NOT_DETERMINISTIC", `${key} differs when run again`, {
              where,
              fix: "Keep no state between steps, and draw by the step's key alone.",
            });
            const difference = differenceOf(array, expected[key]!, { tolerance: TOLERANCE[backend.float] });
            requireThat(difference === undefined, "CHECK_VALUE_WRONG", `${key}: ${difference}`, { where });
          }
        }),
      );
    }
  }
  return checks;
}

function checkFeeds(active: ActiveRegulariser, group: string): void {
  for (const rows of [[0], [3, 1, 4, 0, 2, 5], [2, 2, 1]]) {
    const feeds = active.feeds?.(rows.length);
    if (!feeds) continue;
    const fill = (seed: number) => feeds.fill({ key: Key.fromSeed(seed), indices: Int32Array.from(rows) });
    const [first, other, again] = [fill(1), fill(2), fill(1)];
    for (const [name, { shape }] of Object.entries(feeds.specs)) {
      for (const filled of [first, other]) {
        if (filled[name]?.length === sizeOf(shape)) continue;
        throw wrongShape(group, name, shape, filled[name]?.length);
      }
      const same = Array.from(first[name]!).every((value, at) => Object.is(value, again[name]![at]));
      requireThat(same, "CHECK_NOT_DETERMINISTIC", `${name} differs for the same key and rows`, {
        where: group,
        fix: "Draw with the step's key, and keep no state.",
      });
    }
  }
}

const wrongShape = (group: string, name: string, shape: Shape, length: number | undefined) =>
  new CheckFailedError("CHECK_SHAPE_WRONG", `${name} is declared as ${showShape(shape)} and filled with ${length}`, {
    where: group,
    fix: "Fill each declared array whole.",
  });

function requireFinite(arrays: Arrays, name: string, where: string): void {
  const { data } = arrays[name]!;
  const at = data.findIndex((value) => !Number.isFinite(value));
  requireThat(at < 0, "CHECK_NOT_FINITE", `${name} is ${data[at]} at element ${at}`, {
    where,
    fix: "Define what a quotient by 0 or a root of 0 is, and mask it before it is computed.",
  });
}
