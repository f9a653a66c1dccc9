import { type DivergenceCheckOptions, divergenceChecks } from "../checks/divergence-checks.js";
import type { Divergence } from "../contracts/divergence.js";
import { describeChecks } from "./describe-checks.js";

/** What every divergence owes, as a vitest suite: see `divergenceChecks`. */
export function describeDivergence(divergence: Divergence, options?: DivergenceCheckOptions): void {
  describeChecks(`divergence ${divergence.name}`, divergenceChecks(divergence, options));
}
