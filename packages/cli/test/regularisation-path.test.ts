import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRun } from "@semblance/cli";
import { Key } from "@semblance/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobFrom, type RunEvent, resolveJob, runJob } from "../src/index.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "semblance-path-"));
  // Three groups that u and v tell apart; p, q and r are noise.
  const noise = Key.fromSeed(2).normal(60 * 5);
  const rows = Array.from({ length: 60 }, (_, row) => {
    const [p, u, q, v, r] = noise.slice(row * 5, row * 5 + 5) as unknown as [number, number, number, number, number];
    return [p, u + [4, -4, 0][row % 3]!, q, v + [-3, -3, 5][row % 3]!, r].map((value) => value.toFixed(3)).join();
  });
  writeFileSync(join(folder, "table.csv"), `p,u,q,v,r\n${rows.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const job = (more: object = {}) => ({
  data: { source: "table.csv" },
  model: "linear",
  loss: { name: "gemini/mmd-ova", clusters: 3 },
  sampler: { name: "shuffle", batchSize: 60 },
  optimizer: { learningRate: 0.05 },
  regularisers: [{ name: "group-lasso", weight: 0.1 }],
  epochs: 40,
  path: { growth: 1.5 },
  ...more,
});
const resolve = (more: object = {}) => resolveJob(jobFrom(job(more), { name: "job", folder }));
const linesOf = (run: string) =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("a job with a path", () => {
  it("keeps the model of few features, its stages in metrics and path.json, and the path in words", async () => {
    const run = join(folder, "run");
    const events: RunEvent[] = [];
    const { outcome, reason, step } = await runJob({
      resolved: await resolve(),
      folder: run,
      onEvent: (event) => events.push(event),
    });
    expect(reason).toBe("completed");
    const path = outcome!.path!;
    expect(path).toEqual(JSON.parse(readFileSync(join(run, "path.json"), "utf8")));
    expect(path).toMatchObject({ reason: "minimum-features", features: 5 });
    const [start, first, second] = path.stages;
    expect(start).toMatchObject({ alpha: 0, features: ["p", "u", "q", "v", "r"], epochs: 40 });
    expect([first!.alpha, second!.alpha]).toEqual([0.1, expect.closeTo(0.15, 12)]);
    const kept = path.stages.filter((stage) => stage.kept);
    expect(kept).toHaveLength(1);
    expect(kept[0]!.features).toEqual(expect.arrayContaining(["u", "v"]));
    expect(kept[0]!.features.length).toBeLessThan(5);
    expect(path.summary).toContain(`kept ${kept[0]!.features.length} of 5 features at alpha`);

    const lines = linesOf(run);
    expect(lines.filter(({ path: stage }) => stage).map(({ path: stage }) => stage.features)).toEqual(
      path.stages.map(({ features }) => features.length),
    );
    const batches = lines.filter((line) => "loss" in line);
    expect(batches).toHaveLength(step);
    for (const { loss, objective, terms, alpha } of batches) {
      // A proximal map takes the place of the penalty's gradient, so that what is minimised is the objective.
      expect(loss).toBeCloseTo(objective, 6);
      expect(Object.keys(terms)).toEqual(["group-lasso"]);
      expect(alpha).toBeGreaterThanOrEqual(0);
    }
    expect(events.filter(({ type }) => type === "path")).toHaveLength(path.stages.length);
    const report = readFileSync(join(run, "report.html"), "utf8");
    expect(report).toContain(path.summary);
    expect(report).toContain(`${kept[0]!.features.length} of 5`);
    expect(readdirSync(run)).toContain("model.onnx");

    // What is used later is the kept model: features that left weigh nothing in it.
    const { checkpoint } = await openRun(run);
    const weights = checkpoint.arrays["model/head.weight"]!;
    const used = ["p", "u", "q", "v", "r"].filter((_, row) =>
      weights.data.slice(row * 3, row * 3 + 3).some((weight) => weight !== 0),
    );
    expect(used).toEqual(kept[0]!.features);
  });

  it("begins with its own alpha, and keeps the last step where it is dynamic", async () => {
    const run = join(folder, "dynamic");
    const { outcome } = await runJob({
      resolved: await resolve({ path: { alpha: 1, growth: 2, dynamic: true } }),
      folder: run,
    });
    const { stages } = outcome!.path!;
    expect(stages[1]!.alpha).toBe(1);
    expect(stages.findIndex(({ kept }) => kept)).toBe(stages.length - 1);
    expect(linesOf(run)[0]).toEqual({
      note: 'kernel "linear" is computed for all rows by the selected features, anew where they change',
    });
  });

  it("ends where it is interrupted with the model that it kept, and is not gone on with", async () => {
    const stop = new AbortController();
    const run = join(folder, "interrupted");
    const resolved = await resolve();
    const result = await runJob({
      resolved,
      folder: run,
      signal: stop.signal,
      onEvent: ({ type }) => type === "path" && stop.abort(),
    });
    expect(result).toMatchObject({ reason: "interrupted", step: 40, resumable: false });
    expect((await openRun(run)).checkpoint.step).toBe(40);
    await expect(runJob({ resolved, folder: run, resume: true })).rejects.toMatchObject({ code: "PATH_NOT_RESUMED" });
  });

  it.each([
    ["no regulariser that selects", { regularisers: ["entropy"] }, "NOTHING_SELECTS"],
    ["a penalty that begins at 0", { regularisers: [{ name: "group-lasso", weight: 0 }] }, "PATH_INVALID"],
    [
      "a dynamic path that compares nothing",
      { loss: { name: "gemini/kl-ova", clusters: 3 }, path: { dynamic: true } },
      "PATH_INVALID",
    ],
    ["a dynamic path without room", { affinityLimit: 100, path: { dynamic: true } }, "AFFINITY_TOO_LARGE"],
  ])("is refused with %s, before a folder is made", async (_, more, code) => {
    const run = join(folder, "none");
    await expect(runJob({ resolved: await resolve(more), folder: run })).rejects.toMatchObject({
      code,
      fix: expect.any(String),
    });
    expect(existsSync(run)).toBe(false);
  });

  it.each([
    ["early stopping", { earlyStopping: {} }, "PATH_CONFLICT", "earlyStopping"],
    ["validation", { validation: {} }, "PATH_CONFLICT", "validation"],
    ["a schedule", { optimizer: { schedule: { name: "cosine" } } }, "PATH_CONFLICT", "optimizer.schedule"],
    ["growth that does not grow", { path: { growth: 1 } }, "CONFIG_INVALID", "path.growth"],
    ["a misspelt key", { path: { minimumFeature: 2 } }, "CONFIG_KEY_UNKNOWN", "path.minimumFeature"],
  ])("is refused with %s, by its key", async (_, more, code, key) => {
    await expect(resolve(more)).rejects.toMatchObject({ code, where: expect.stringContaining(key) });
  });
});
