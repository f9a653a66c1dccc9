import type { ExampleConfig } from "../checks/entry-checks.js";
import { measureChecks } from "../checks/measure-checks.js";
import type { Measure } from "../contracts/measure.js";
import { describeChecks } from "./describe-checks.js";

/** What every measure owes, as a vitest suite: see `measureChecks`. */
export function describeMeasure(
  measure: Measure,
  options: { readonly examples?: readonly ExampleConfig[] } = {},
): void {
  describeChecks(`measure ${measure.name}`, measureChecks(measure, options));
}
