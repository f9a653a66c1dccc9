import { type ErrorDetails, SemblanceError } from "../errors.js";

/** One thing that an entry, a backend or a plugin owes. It needs no test runner: whoever has the list runs it. */
export interface Check {
  /** What is checked, such as a primitive's name or `loss gemini/mmd-ova`; checks of one group follow each other. */
  readonly group: string;
  /** What is claimed, unique within its group. */
  readonly title: string;
  /** Why it cannot be run here; `run` is not called then. */
  readonly skip?: string;
  /** Resolves where the claim holds. @throws CheckFailedError, or whatever the subject threw where it should not have. */
  run(): Promise<void>;
}

/** A claim that does not hold: a stable code, what was seen, where, and what the author can do. */
export class CheckFailedError extends SemblanceError {
  /** @param code what is wrong, such as CHECK_GRADIENT_WRONG */
  constructor(code: CheckCode, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** What a check says is wrong. */
export type CheckCode =
  | "CHECK_VALUE_WRONG"
  | "CHECK_NOT_REFUSED"
  | "CHECK_ERROR_UNCODED"
  | "CHECK_SHAPE_WRONG"
  | "CHECK_NOT_FINITE"
  | "CHECK_NOT_JUDGED"
  | "CHECK_GRADIENT_WRONG"
  | "CHECK_GRADIENT_UNTESTED"
  | "CHECK_INPUT_MUTATED"
  | "CHECK_NOT_DETERMINISTIC"
  | "CHECK_LAW_BROKEN"
  | "CHECK_SCHEMA_LOOSE"
  | "CHECK_SCHEMA_UNDESCRIBED"
  | "CHECK_EXAMPLE_MISSING"
  | "CHECK_STATE_LOST"
  | "CHECK_MEMORY_GROWS"
  | "CHECK_NOT_EXPORTABLE"
  | "CHECK_PEER_MISSING";

/** How a check ended. */
export type CheckOutcome =
  | { readonly check: Check; readonly status: "passed" }
  | { readonly check: Check; readonly status: "skipped"; readonly reason: string }
  | { readonly check: Check; readonly status: "failed"; readonly error: Error };

/** Runs one check and never throws: what went wrong is in the outcome. */
export async function runCheck(check: Check): Promise<CheckOutcome> {
  if (check.skip !== undefined) return { check, status: "skipped", reason: check.skip };
  try {
    await check.run();
    return { check, status: "passed" };
  } catch (error) {
    return { check, status: "failed", error: error instanceof Error ? error : new Error(String(error)) };
  }
}
