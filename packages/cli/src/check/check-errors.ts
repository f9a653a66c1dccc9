import { ConfigError, SemblanceError, suggest } from "@semblance/core";
import type { CheckFailure, ListedCheck } from "./messages.js";

/** How a process ended that was not done. */
export interface ProcessEnd {
  /** Whether it was ended because a check took too long. */
  readonly expired: boolean;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last of what it wrote to standard error. */
  readonly stderr: string;
}

/** Node's exit status when nothing is left to do and the main module still waits. */
const UNSETTLED = 13;

/** What a process's end says about the check that was running. */
export function failureOfEnd(
  { expired, code, signal, stderr }: ProcessEnd,
  { group, title }: ListedCheck,
  seconds: number,
): CheckFailure {
  const where = `${group}: ${title}`;
  if (expired) {
    return {
      code: "CHECK_STUCK",
      message: `it did not end within ${seconds} seconds`,
      where,
      fix: "Look for a loop without an end; --time-limit grants more seconds.",
    };
  }
  if (code === UNSETTLED) {
    return {
      code: "CHECK_STUCK",
      message: "it waits for something that never happens",
      where,
      fix: "Look for a promise that nothing settles.",
    };
  }
  if (/heap out of memory|Allocation failed/i.test(stderr)) {
    return {
      code: "CHECK_OUT_OF_MEMORY",
      message: "it used up the memory of its process",
      where,
      fix: "Look for arrays that grow with every call, or far beyond the inputs.",
    };
  }
  const thrown = /^\w*Error(?: \[\w+\])?: .+$/m.exec(stderr)?.[0];
  const how =
    signal !== null
      ? `its process was ended by ${signal}`
      : thrown === undefined
        ? `it ended the process with exit status ${code}`
        : `an error that nothing caught ended the process: ${thrown}`;
  return {
    code: "CHECK_CRASHED",
    message: how,
    where,
    fix: "A plugin throws errors, awaits its promises, and leaves the process alone.",
  };
}

/** No check had begun, so that there is none to blame. */
export const checkNotStarted = ({ code, signal, stderr }: ProcessEnd) =>
  new SemblanceError(
    "CHECK_NOT_STARTED",
    `the process for the checks ended at once (${signal ?? `exit status ${code}`})`,
    {
      where: stderr.trim().split("\n").at(-1) || "semblance check",
      fix: "Run semblance doctor; if that finds nothing, report it with what --debug prints.",
    },
  );

export const groupUnknown = (group: string, groups: readonly string[]) =>
  new ConfigError("OPTION_INVALID", `no checks are grouped under "${group}"`, {
    where: `--only ${JSON.stringify(group)}`,
    fix: suggest(group, groups),
  });
