import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Case, compareCase, createCatalogue, EVALUABLE_KINDS, evaluateCase, parseCases } from "@semblance/core";
import { geminiPlugin } from "@semblance/losses-gemini";
import { metricPlugin } from "@semblance/losses-metric";
import { expect } from "vitest";
import type { Judgements } from "./judgements.js";

const root = new URL("../../", import.meta.url);
const folder = fileURLToPath(new URL(`${process.env.SEMBLANCE_SHARED ?? "../shared"}/goldens/`, root));
const catalogue = createCatalogue([geminiPlugin, metricPlugin]);

const isRegistered = ({ kind, name }: Case) =>
  EVALUABLE_KINDS.some((known) => known === kind && catalogue.list(known).some((entry) => entry.name === name));

/** The shared golden cases of everything registered, by name; none, and a line that says so, where the folder is absent. */
export function goldenGroups(): Judgements {
  if (!existsSync(folder)) {
    console.log(`golden cases: there is no folder ${folder}; set SEMBLANCE_SHARED`);
    return {};
  }
  const cases = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .flatMap((file) => parseCases(readFileSync(`${folder}${file}`, "utf8"), file))
    .filter((item) => isRegistered(item) && item.kind !== "measure");
  const groups = new Map<string, Case[]>();
  for (const item of cases) {
    const name = `golden cases: ${item.kind} ${item.name}`;
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return Object.fromEntries(
    [...groups].map(([name, group]) => [
      `${name}, ${group.length} of them`,
      async (backend) => {
        const failures: string[] = [];
        for (const item of group) {
          const comparison = compareCase(
            item,
            await evaluateCase(item, { catalogue, backend }),
            item.tolerance!.float32,
          );
          failures.push(...comparison.failures.map((failure) => `${item.id}: ${failure}`));
        }
        expect(failures).toEqual([]);
      },
    ]),
  );
}
