import { type OptimizerCheckOptions, optimizerChecks } from "../checks/optimizer-checks.js";
import type { Optimizer } from "../contracts/optimizer.js";
import { describeChecks } from "./describe-checks.js";

/** What every optimizer owes, as a vitest suite: see `optimizerChecks`. */
export function describeOptimizer(optimizer: Optimizer, options: OptimizerCheckOptions = {}): void {
  describeChecks(`optimizer ${optimizer.name}`, optimizerChecks(optimizer, options));
}
