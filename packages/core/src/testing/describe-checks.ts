import { describe, it } from "vitest";
import type { Check } from "../checks/check.js";
import { isSemblanceError } from "../errors.js";

/** Registers checks as tests, a describe block for each of their groups. */
export function describeChecks(name: string, checks: readonly Check[]): void {
  const groups = new Map<string, Check[]>();
  for (const check of checks) groups.set(check.group, [...(groups.get(check.group) ?? []), check]);
  describe(name, () => {
    for (const [group, members] of groups) {
      describe(group, () => {
        for (const { title, skip, run } of members) {
          if (skip === undefined) it(title, () => runWithAdvice(run));
          else it.skip(`${title} (${skip})`, run);
        }
      });
    }
  });
}

/** Test runners print messages alone: where and fix of an error belong to what its reader has to see. */
export async function runWithAdvice(run: Check["run"]): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (isSemblanceError(error)) {
      const advice = Object.entries({ where: error.where, fix: error.fix }).filter(([, text]) => text !== undefined);
      error.message = [error.message, ...advice.map(([name, text]) => `  ${name}: ${text}`)].join("\n");
    }
    throw error;
  }
}
