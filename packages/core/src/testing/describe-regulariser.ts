import { type RegulariserCheckOptions, regulariserChecks } from "../checks/regulariser-checks.js";
import type { Regulariser } from "../contracts/regulariser.js";
import { describeChecks } from "./describe-checks.js";

/** What every regulariser owes, as a vitest suite: see `regulariserChecks`. */
export function describeRegulariser(regulariser: Regulariser, options: RegulariserCheckOptions = {}): void {
  describeChecks(`regulariser ${regulariser.name}`, regulariserChecks(regulariser, options));
}
