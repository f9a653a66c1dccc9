import type { Schedule } from "../contracts/schedule.js";
import { requireThat } from "./assertions.js";
import type { Check } from "./check.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";

/** Lengths of runs, the shortest included. */
const LENGTHS = [1, 2, 10, 997];

/**
 * What every schedule owes: factors that are finite and not negative at every step of runs of any length and a step beyond, that
 * depend on the step alone, and a first step that moves something.
 */
export function scheduleChecks(
  schedule: Schedule,
  options: { readonly examples?: readonly ExampleConfig[] } = {},
): Check[] {
  const group = groupOf(schedule);
  const checks = entryChecks(schedule, options.examples);
  for (const example of examplesOf(schedule, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const factors = (total: number) => {
      const config = settled(schedule, example);
      return Array.from({ length: total + 1 }, (_, index) => schedule.factor(index + 1, total, config));
    };
    const add = (title: string, run: () => Promise<void>) => checks.push({ group, title: title + suffix, run });
    add("is finite and not negative", async () => {
      for (const total of LENGTHS) {
        const all = factors(total);
        const at = all.findIndex((factor) => !(Number.isFinite(factor) && factor >= 0));
        requireThat(at < 0, "CHECK_NOT_FINITE", `the factor at step ${at + 1} of ${total} is ${all[at]}`, {
          where: group,
        });
      }
    });
    add("moves something at the first step", async () => {
      // A run of one step may end where its decay ends, at 0.
      for (const total of LENGTHS.filter((length) => length > 1)) {
        const [first] = factors(total);
        requireThat(first! > 0, "CHECK_VALUE_WRONG", `the factor at step 1 of ${total} is ${first}`, {
          where: group,
          fix: "Steps count from 1: a warm-up of w steps begins with 1/w.",
        });
      }
    });
    add("depends on the step alone", async () => {
      const config = settled(schedule, example);
      const forwards = factors(100);
      for (let step = 100; step >= 1; step--) {
        const again = schedule.factor(step, 100, config);
        requireThat(
          again === forwards[step - 1],
          "CHECK_NOT_DETERMINISTIC",
          `the factor at step ${step} is ${forwards[step - 1]} and then ${again}`,
          { where: group, fix: "Keep no state: a resumed run asks for steps in any order." },
        );
      }
    });
  }
  return checks;
}
