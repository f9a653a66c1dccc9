import { type Check, runCheck } from "../../src/checks/check.js";

/** The titles of the checks that fail, each with its error's code. */
export async function failures(checks: readonly Check[]): Promise<Record<string, string>> {
  const failed: Record<string, string> = {};
  for (const check of checks) {
    const outcome = await runCheck(check);
    if (outcome.status === "failed")
      failed[check.title] = (outcome.error as { code?: string }).code ?? outcome.error.message;
  }
  return failed;
}

/** The codes alone, each once, of checks that fail. */
export async function failureCodes(checks: readonly Check[]): Promise<string[]> {
  return [...new Set(Object.values(await failures(checks)))].sort();
}
