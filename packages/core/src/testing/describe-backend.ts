import { type BackendCheckOptions, backendChecks } from "../checks/backend-checks.js";
import type { Backend } from "../contracts/backend.js";
import { describeChecks } from "./describe-checks.js";

/**
 * What every backend owes, as a vitest suite: all cases of all primitives against the float64 reference, drawn programs, and the
 * behaviour of compiled programs (carries, host operators, results, refusals, lifetime, memory, determinism).
 *
 * ```text
 * describeBackend("ort", () => ortBackend({ device: "cpu" }));
 * ```
 */
export function describeBackend(
  name: string,
  makeBackend: () => Backend | Promise<Backend>,
  options: BackendCheckOptions = {},
): void {
  describeChecks(`backend ${name}`, backendChecks(makeBackend, options));
}
