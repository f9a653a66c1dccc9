import { describe, it } from "vitest";
import type { Check } from "../checks/check.js";

/** Registers checks as tests, a describe block for each of their groups. */
export function describeChecks(name: string, checks: readonly Check[]): void {
  const groups = new Map<string, Check[]>();
  for (const check of checks) groups.set(check.group, [...(groups.get(check.group) ?? []), check]);
  describe(name, () => {
    for (const [group, members] of groups) {
      describe(group, () => {
        for (const { title, skip, run } of members) {
          if (skip === undefined) it(title, run);
          else it.skip(`${title} (${skip})`, run);
        }
      });
    }
  });
}
