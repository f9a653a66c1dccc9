import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

  it("read pairs from a file, which the run keeps", async () => {
    writeFileSync(join(folder, "pairs.csv"), "first,second,kind\ns0,s3,must-link\ns0,s1,cannot-link\n");
    const file = { name: "constraints", file: "pairs.csv", weight: 0.5 };
    const run = join(folder, "from-file");
    await runJob({ resolved: await resolve({ regularisers: [file] }), folder: run });
    const given = { name: "constraints", weight: 0.5, ...pairs };
    await runJob({ resolved: await resolve({ regularisers: [given] }), folder: join(folder, "given") });
    const read = (name: string) => readFileSync(join(folder, name, "metrics.jsonl"), "utf8");
    expect(read("from-file")).toBe(read("given"));
    const written = JSON.parse(readFileSync(join(run, "job.json"), "utf8"));
    expect(written.regularisers).toEqual([{ name: "constraints", factor: 1, weight: 0.5, ...pairs }]);
    // Beside pairs that the job itself gives.
    const both = await resolve({ regularisers: [{ ...file, mustLink: [["s6", "s9"]] }] });
    expect(both.job.regularisers![0]!.mustLink).toEqual([
      ["s6", "s9"],
      ["s0", "s3"],
    ]);
  });

  it.each([
    ["s0,s3,must-link\ns3,s6,must\ns6,s0,cannot-link\n", "CONSTRAINTS_CONTRADICT", /must be: "s0" – "s3" – "s6"/],
    ["s0,s99,must-link\n", "SAMPLE_UNKNOWN", /no sample "s99"/],
    ["s0,s3,maybe\n", "PAIR_KIND_UNKNOWN", /"maybe" is neither must-link nor cannot-link: .*pairs\.csv:1$/],
    ["s0,s3\n", "PAIRS_COLUMNS", /2 cells, not 3/],
    ["s0,,must-link\n", "PAIR_EMPTY", /no id/],
  ])("refuse the pairs of a file %j before a folder is made", async (content, code, message) => {
    writeFileSync(join(folder, "wrong-pairs.csv"), content);
    const run = async () =>
      await runJob({
        resolved: await resolve({ regularisers: [{ name: "constraints", file: "wrong-pairs.csv" }] }),
        folder: join(folder, "none"),
      });
    await expect(run()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      fix: expect.any(String),
    });
    expect(existsSync(join(folder, "none"))).toBe(false);
  });

  it("say which key names a file of pairs that is not there", async () => {
    await expect(resolve({ regularisers: [{ name: "constraints", file: "nothing.csv" }] })).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      where: expect.stringContaining("regularisers.0.file"),
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
