import { BackendError, DivergedError, GraphError, isSemblanceError } from "@semblance/core";

export const DONE = 0;
/** The run failed, or did not reach what was asked. */
export const FAILED = 1;
/** The request was wrong: usage, configuration, data. */
export const REFUSED = 2;

/** Errors of a run in good order that met a bad moment, whatever their class: asking again later may work. */
const MOMENTARY: readonly string[] = ["DISK_FULL", "WRITE_FAILED", "FILE_FAILED", "RUN_IN_USE", "METRICS_DAMAGED"];

/** The exit status for an error. Classes are compared by name: a plugin may bring a core of its own. */
export function exitStatusOf(error: unknown): number {
  if (!isSemblanceError(error)) return FAILED;
  if (MOMENTARY.includes(error.code)) return FAILED;
  const failures: readonly string[] = [DivergedError.name, BackendError.name, GraphError.name];
  return failures.includes(error.name) ? FAILED : REFUSED;
}
