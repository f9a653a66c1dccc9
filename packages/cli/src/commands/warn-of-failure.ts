import { failureOf, type OpenRun, type RunFailure } from "../run/open-run.js";
import type { Terminal } from "../terminal/terminal.js";

/** Tells on standard error of a run that failed, quiet or not: what is made with it looks like the work of any other. */
export function warnOfFailure(run: OpenRun, terminal: Terminal): RunFailure | undefined {
  const failure = failureOf(run);
  if (failure) terminal.err(`warning[${failure.code}]: ${failure.message}\n  where: ${failure.where}\n`);
  return failure;
}
