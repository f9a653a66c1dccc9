import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobFrom, resolveJob, runJob } from "../src/index.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "semblance-regularisers-"));
  const rows = Array.from({ length: 24 }, (_, row) => `s${row},${(row % 3) * 5 + row * 0.01},${(row % 2) * 0.1}`);
  writeFileSync(join(folder, "table.csv"), `id,x,y\n${rows.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const job = (more: object) => ({
  data: { source: "table.csv", ids: "id" },
  model: { name: "mlp", hidden: [4] },
  loss: { name: "gemini/kl-ova", clusters: 3 },
  sampler: { name: "shuffle", batchSize: 8 },
  epochs: 2,
  backend: "reference",
  ...more,
});
const resolve = (more: object) => resolveJob(jobFrom(job(more), { name: "job", folder }));
const pairs = { mustLink: [["s0", "s3"]], cannotLink: [["s0", "s1"]] };

describe("regularisers of a job", () => {
  it("are settled with their weights, trained with, and kept in job.json, metrics and report", async () => {
    const resolved = await resolve({ regularisers: ["entropy", { name: "constraints", weight: 0.5, ...pairs }] });
    const run = join(folder, "run");
    await runJob({ resolved, folder: run });
    const written = JSON.parse(readFileSync(join(run, "job.json"), "utf8"));
    expect(written.regularisers).toEqual([
      { name: "entropy", weight: 1 },
      { name: "constraints", weight: 0.5, factor: 1, ...pairs },
    ]);
    const [line] = readFileSync(join(run, "metrics.jsonl"), "utf8").split("\n");
    const { loss, objective, terms } = JSON.parse(line!);
    expect(loss).toBeCloseTo(objective + terms.entropy + 0.5 * terms.constraints, 12);
    expect(readFileSync(join(run, "report.html"), "utf8")).toContain("constraints");
    // What was settled resolves to itself, so that the run can be resumed.
    expect((await resolveJob(jobFrom(written, { name: "job.json", folder }))).job).toEqual(
      resolved.job && { ...written },
    );
  });

  it("change what a run is: it cannot be resumed with others", async () => {
    const run = join(folder, "other");
    await runJob({ resolved: await resolve({ regularisers: ["entropy"] }), folder: run });
    const changed = resolve({ regularisers: [{ name: "entropy", weight: 2 }] });
    await expect(runJob({ resolved: await changed, folder: run, resume: true })).rejects.toMatchObject({
      code: "RUN_MISMATCH",
    });
  });

  it("are refused with the chain where they contradict each other, before a folder is made", async () => {
    const mustLink = [
      ["s0", "s3"],
      ["s3", "s6"],
      ["s6", "s1"],
    ];
    const resolved = await resolve({ regularisers: [{ name: "constraints", mustLink, cannotLink: [["s1", "s0"]] }] });
    await expect(runJob({ resolved, folder: join(folder, "none") })).rejects.toMatchObject({
      code: "CONSTRAINTS_CONTRADICT",
      message: '"s0" and "s1" cannot be linked, and must be: "s0" – "s3" – "s6" – "s1"',
    });
  });

  it.each([
    ["an unknown name", "vatt", "NAME_UNKNOWN"],
    ["a negative weight", { name: "entropy", weight: -1 }, "CONFIG_INVALID"],
    ["a misspelt key", { name: "vat", epsilom: 1 }, "CONFIG_KEY_UNKNOWN"],
  ])("are refused with %s, by line or key", async (_, regulariser, code) => {
    await expect(resolve({ regularisers: [regulariser] })).rejects.toMatchObject({
      code,
      where: expect.stringContaining("regularisers.0"),
    });
  });
});
