import { isSemblanceError, type SemblanceError } from "@semblance/core";
import { expect } from "vitest";

/** The Semblance error that `action` ends in, checked to have everything that the command line prints. */
export async function errorOf(action: () => unknown): Promise<SemblanceError> {
  let thrown: unknown;
  try {
    await action();
  } catch (error) {
    thrown = error;
  }
  expect(isSemblanceError(thrown), `a Semblance error, not ${thrown}`).toBe(true);
  const error = thrown as SemblanceError;
  expect(error.message).not.toBe("");
  expect(error.where, "where").toBeTruthy();
  expect(error.fix, "fix").toBeTruthy();
  return error;
}

/** Its code alone. */
export async function codeOf(action: () => unknown): Promise<string> {
  return (await errorOf(action)).code;
}
