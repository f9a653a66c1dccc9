import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { entriesOf, packages, root } from "./support/packages.js";

interface EntryReport {
  readonly entry: string;
  readonly state: "same" | "new" | "changed" | "gone";
  readonly difference?: readonly string[];
}

/** The reports of all entries are made in one process: reading the types of the libraries takes most of its time. */
const reports = new Map<string, EntryReport>();
const { stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/api.mjs"), "--check"], {
  cwd: root,
  encoding: "utf8",
});
for (const line of stdout.split("\n").filter((line) => line.startsWith("{"))) {
  const report: EntryReport = JSON.parse(line);
  reports.set(report.entry, report);
}

const CURE =
  "npm run api, read what changed in packages/*/api, and add a changeset where a user notices (npx changeset)";

describe("what packages export is what their reports say", () => {
  for (const entry of packages.flatMap(entriesOf)) {
    it(entry, () => {
      const report = reports.get(entry);
      expect(report, `no report was made: ${stderr}`).toBeDefined();
      expect(report!.difference ?? [], `the exports of ${entry} changed; fix: ${CURE}`).toEqual([]);
      expect(report!.state, `fix: ${CURE}`).toBe("same");
    });
  }

  it("no report is left of an entry that is gone", () => {
    const gone = [...reports.values()].filter(({ state }) => state === "gone").map(({ entry }) => entry);
    expect(gone, `fix: ${CURE}`).toEqual([]);
  });
});
