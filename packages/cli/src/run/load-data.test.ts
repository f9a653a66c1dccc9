import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { jobFrom } from "../job/job-source.js";
import { resolveJob } from "../job/resolve-job.js";
import { loadJobData } from "./load-data.js";

async function loaded(content: string, standardise: unknown) {
  const folder = await mkdtemp(join(tmpdir(), "semblance-load-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "a.csv"), content);
  const value = { data: { source: "a.csv", standardise }, loss: "gemini/mmd-ova" };
  const { job } = await resolveJob(jobFrom(value, { name: "job", folder }));
  return await loadJobData(job);
}

describe("standardise: common", () => {
  it("centres columns and divides all by the root mean square of their deviations", async () => {
    // Deviations 1, 7 and 0: the root of (1 + 49 + 0) / 3.
    const { splits, notes } = await loaded("a,b,c\n1,10,5\n3,24,5\n", "common");
    const scale = Math.sqrt(50 / 3);
    const expected = [-1 / scale, -7 / scale, 0, 1 / scale, 7 / scale, 0];
    splits.train.features.data.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 6));
    expect(notes.at(-1)).toContain("one number");
  });
});
