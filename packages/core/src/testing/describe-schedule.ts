import type { ExampleConfig } from "../checks/entry-checks.js";
import { scheduleChecks } from "../checks/schedule-checks.js";
import type { Schedule } from "../contracts/schedule.js";
import { describeChecks } from "./describe-checks.js";

/** What every schedule owes, as a vitest suite: see `scheduleChecks`. */
export function describeSchedule(
  schedule: Schedule,
  options: { readonly examples?: readonly ExampleConfig[] } = {},
): void {
  describeChecks(`schedule ${schedule.name}`, scheduleChecks(schedule, options));
}
