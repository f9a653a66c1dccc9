import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobFrom, type RunEvent, resolveJob, runJob } from "../src/index.js";
import { apartPlugin } from "./metric-loss.js";
import { run } from "./support/run.js";

let folder: string;
const CLASSES = "abcdef";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "semblance-metric-"));
  // Six classes on a circle, beside a column of noise that hides them.
  const rows = Array.from({ length: 72 }, (_, row) => {
    const angle = ((row % 6) * Math.PI) / 3;
    const noise = ((row * 7919) % 101) / 5;
    const near = ((row * 31) % 17) / 60;
    return `r${row},${Math.cos(angle) + near},${Math.sin(angle) - near},${noise},${CLASSES[row % 6]},${row % 2},${row % 3 === 0 ? 1 : 0}`;
  });
  writeFileSync(join(folder, "table.csv"), `id,x,y,noise,class,odd,third\n${rows.join("\n")}\n`);
  const pairs = Array.from({ length: 60 }, (_, at) => `r${at},r${at + (at % 2 ? 6 : 1)},${at % 2}`);
  writeFileSync(join(folder, "pairs.csv"), `a,b,same\n${pairs.join("\n")}\n`);
  const triplets = Array.from({ length: 40 }, (_, at) => `r${at},r${at + 6},r${at + 1}`);
  writeFileSync(join(folder, "triplets.csv"), `${triplets.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FLAGS = ["odd", "third"];
const job = (more: object) => ({
  task: "metric",
  data: { source: "table.csv", ids: "id", labels: "class", ignore: FLAGS },
  model: { name: "mlp", hidden: [8] },
  loss: "test/apart",
  embedding: { width: 3 },
  optimizer: { learningRate: 0.01 },
  epochs: 4,
  backend: "reference",
  ...more,
});
const resolve = (more: object = {}) => resolveJob(jobFrom(job(more), { name: "job", folder }), [apartPlugin]);
const written = (name: string, file = "job.json") => readFileSync(join(folder, name, file), "utf8");

async function trained(name: string, more: object = {}) {
  const events: RunEvent[] = [];
  const result = await runJob({
    resolved: await resolve(more),
    folder: join(folder, name),
    onEvent: (event) => events.push(event),
  });
  return {
    ...result,
    events,
    scores: Object.fromEntries(result.outcome!.scores.map(({ name, value }) => [name, value])),
  };
}

const plainScore = ({ epoch, score }: { readonly epoch: number; readonly score: number }) => ({ epoch, score });

describe("a metric job", () => {
  it("scores the classes that it held out, beside the features as they are", async () => {
    const holdOut = { by: "class", classes: ["e", "f"] };
    const { outcome, scores } = await trained("by-class", {
      data: { ...job({}).data, holdOut },
      epochs: 40,
    });
    expect(outcome!.scoredOn).toMatchObject({ part: "test", rows: 24 });
    expect(Object.keys(scores)).toEqual([
      "recall-at-k",
      "r-precision",
      "map-at-r",
      "knn-accuracy",
      "nmi",
      "pairwise-f1",
    ]);
    const before = Object.fromEntries(outcome!.baseline!.scores.map(({ name, value }) => [name, value]));
    // The noise has the last word in the features, and four other classes teach to leave it aside.
    expect(scores["map-at-r"]).toBeGreaterThan(before["map-at-r"]! + 0.2);
    expect(outcome!.baseline!.name).toBe("features");
    const report = written("by-class", "report.html");
    expect(report).toContain("map-at-r");
  });

  it("writes what it settled, and resolves that to itself", async () => {
    await trained("settled");
    const settled = JSON.parse(written("settled"));
    expect(settled).toMatchObject({
      sampler: { name: "per-class", classes: 6, samplesPerClass: 8 },
      embedding: { width: 3, activation: "normalise" },
    });
    expect(settled.warmup).toBeUndefined();
    const again = await resolveJob(jobFrom(settled, { name: "job.json", folder }), [apartPlugin]);
    expect(again.job).toEqual(settled);
  });

  it("warms up with cross-entropy where the hard divergence finds no gradient, and says so in the job", async () => {
    const hard = { loss: { name: "test/apart", divergence: "max-affine" }, embedding: undefined };
    const { events } = await trained("hard", hard);
    const settled = JSON.parse(written("hard"));
    expect(settled.warmup).toMatchObject({ loss: { name: "classification/cross-entropy" }, epochs: 1 });
    // One output a class, not of unit length.
    expect(settled.embedding).toEqual({ width: 6, activation: "none" });
    const losses = events.flatMap((event) => (event.type === "epoch" ? [event.loss] : []));
    // The first epoch's loss is about log 6.
    expect(losses[0]).toBeGreaterThan(1.2);
    await trained("cold", { ...hard, warmup: false });
    expect(JSON.parse(written("cold")).warmup).toBe(false);
    expect(written("cold", "metrics.jsonl").split("\n")[0]).not.toBe(written("hard", "metrics.jsonl").split("\n")[0]);
  });

  it("runs stages first, in their order", async () => {
    const cross = "classification/cross-entropy";
    const more = { embedding: { width: 6, activation: "none" }, epochs: 3 };
    await trained("stages", { ...more, warmup: { epochs: 1 }, stages: [{ epochs: 1, loss: cross }] });
    await trained("two-epochs", { ...more, warmup: { loss: cross, epochs: 2 } });
    expect(written("stages", "metrics.jsonl")).toBe(written("two-epochs", "metrics.jsonl"));
  });

  it("learns from pairs, with labels to score by alone, and from the pairs that it held out", async () => {
    const data = { ...job({}).data, pairs: "pairs.csv", holdOut: { by: "pair", fraction: 0.25 } };
    const { scores, outcome, events } = await trained("pairs", {
      data,
      sampler: { name: "pairs", pairs: 16 },
      epochs: 60,
    });
    expect(scores["pair-auc"]).toBeGreaterThan(0.8);
    expect(scores["map-at-r"]).toBeGreaterThan(0);
    expect(outcome!.scoredOn.part).toBe("test");
    expect(events).toContainEqual({ type: "note", message: "held out 15 of 60 pairs for scoring" });
  });

  it("does not look at labels that stand beside pairs", async () => {
    const data = { ...job({}).data, pairs: "pairs.csv" };
    await trained("labelled", { data });
    expect(JSON.parse(written("labelled")).sampler).toMatchObject({ name: "pairs", pairs: 64 });
    const swapped = readFileSync(join(folder, "table.csv"), "utf8").replaceAll(/,[abc],/g, ",z,");
    writeFileSync(join(folder, "other.csv"), swapped);
    await trained("otherwise", { data: { ...data, source: "other.csv" } });
    const steps = (name: string) =>
      written(name, "metrics.jsonl")
        .split("\n")
        .filter((line) => line.includes('"loss"'));
    expect(steps("otherwise")).toEqual(steps("labelled"));
  });

  it("learns from triplets, and from several labels, without any labels", async () => {
    const source = { source: "table.csv", ids: "id" };
    const { scores } = await trained("triplets", {
      data: { ...source, ignore: [...FLAGS, "class"], triplets: "triplets.csv" },
    });
    expect(Object.keys(scores)).toEqual(["triplet-accuracy"]);
    expect(JSON.parse(written("triplets")).sampler).toMatchObject({ name: "triplets" });
    await trained("several", { data: { ...source, ignore: ["class"], multiLabels: FLAGS } });
    expect(JSON.parse(written("several")).sampler).toMatchObject({ name: "shuffle" });
  });

  it("is resumed to the same bytes, warm-up and all", async () => {
    const more = {
      loss: { name: "test/apart", divergence: "max-affine" },
      embedding: undefined,
      warmup: { epochs: 2 },
    };
    await trained("whole", more);
    const stop = new AbortController();
    const resolved = await resolve(more);
    const interrupted = await runJob({
      resolved,
      folder: join(folder, "parts"),
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === "step" && event.step === 3) stop.abort();
      },
    });
    expect(interrupted.reason).toBe("interrupted");
    await runJob({ resolved, folder: join(folder, "parts"), resume: true });
    for (const file of ["metrics.jsonl", "model.onnx"]) {
      expect(readFileSync(join(folder, "parts", file)).equals(readFileSync(join(folder, "whole", file)))).toBe(true);
    }
  });

  it("keeps the epoch that does best on rows it held out, and is resumed to the same bytes", async () => {
    const more = {
      // Steps so large that the last epoch is none of the good ones.
      optimizer: { learningRate: 0.3 },
      epochs: 8,
      validation: { fraction: 0.25, measure: { name: "map-at-r" }, patience: 6 },
    };
    const { events, outcome } = await trained("validated", more);
    expect(events).toContainEqual({
      type: "note",
      message: "held 18 of the 72 rows out of the training, to choose the epoch by map-at-r",
    });
    const scored = events.flatMap((event) => (event.type === "validation" ? [event] : []));
    const best = scored.reduce((most, each) => (each.score > most.score ? each : most));
    expect(best.epoch).toBeLessThan(scored.at(-1)!.epoch);
    const { epoch, step, score } = best;
    expect(events).toContainEqual({ type: "selected", name: "map-at-r", epoch, step, score });
    expect(outcome!.validation).toEqual({ measure: "map-at-r", kept: epoch, scores: scored.map(plainScore) });
    expect(written("validated", "report.html")).toContain(`${epoch + 1} of ${scored.length}`);
    expect(JSON.parse(written("validated")).validation).toMatchObject({ by: "row", seed: 0, gallery: 10_000 });

    const { settled, folder: parts } = { settled: await resolve(more), folder: join(folder, "validated-in-parts") };
    const stop = new AbortController();
    const onEvent = (event: RunEvent) => event.type === "step" && event.step === step + 1 && stop.abort();
    expect((await runJob({ resolved: settled, folder: parts, signal: stop.signal, onEvent })).reason).toBe(
      "interrupted",
    );
    await runJob({ resolved: settled, folder: parts, resume: true });
    for (const file of ["metrics.jsonl", "model.onnx"]) {
      expect(readFileSync(join(parts, file)).equals(readFileSync(join(folder, "validated", file)))).toBe(true);
    }
  });

  it("holds classes out for validation, and trains with the others", async () => {
    const data = { ...job({}).data, holdOut: { by: "class", classes: ["f"] } };
    const { events } = await trained("validated-by-class", { data, validation: { by: "class", fraction: 0.4 } });
    expect(events).toContainEqual(expect.objectContaining({ type: "validation", name: "map-at-r" }));
    expect(JSON.parse(written("validated-by-class")).sampler).toMatchObject({ classes: 3 });
  });

  it("tells of classes that are too small", async () => {
    writeFileSync(join(folder, "small.csv"), "x,y,class\n1,2,a\n2,1,a\n3,3,b\n4,4,b\n9,9,c\n");
    const { outcome, events } = await trained("small", {
      data: { source: "small.csv", labels: "class" },
      sampler: { name: "per-class", samplesPerClass: 2 },
    });
    const message = expect.stringContaining("1 of 3 classes have fewer than 2 rows");
    expect(events).toContainEqual(expect.objectContaining({ type: "warning", code: "DATA", message }));
    expect(outcome!.warnings).toContainEqual(message);
  });

  it.each([
    ["a metric loss in another task", { task: "cluster", sampler: "shuffle" }, "TASK_MISMATCH", /task: metric/],
    [
      "a miner that the loss does not take",
      { loss: "classification/cross-entropy", miner: "all" },
      "MINER_UNUSED",
      /./,
    ],
    ["a miner in two places", { loss: { name: "test/apart", miner: "all" }, miner: "all" }, "MINER_TWICE", /./],
    [
      "a warm-up that leaves nothing",
      { warmup: { epochs: 4 }, embedding: { width: 6 } },
      "STAGES_TOO_LONG",
      /more than 4/,
    ],
    ["an embedding without a loss for it", { loss: "gemini/mmd-ova" }, "EMBEDDING_UNUSED", /./],
    ["a warm-up with more classes than outputs", { warmup: { epochs: 1 } }, "STAGE_NEEDS_CLASSES", /at least 6/],
    [
      "pairs without a form",
      { data: { source: "table.csv", ids: "id", ignore: [...FLAGS, "class"], pairs: "triplets.csv" } },
      "PAIR_SAME_UNKNOWN",
      /./,
    ],
    [
      "classes to hold out by row",
      { data: { source: "table.csv", holdOut: { by: "row", classes: ["a"] } } },
      "CONFIG_INVALID",
      /./,
    ],
    [
      "validation in another task",
      { task: "cluster", loss: "gemini/mmd-ova", embedding: undefined, validation: {} },
      "TASK_MISMATCH",
      /task: metric/,
    ],
    ["a share of more than all", { validation: { fraction: 2 } }, "CONFIG_INVALID", /./],
    ["a misspelt key of validation", { validation: { patients: 2 } }, "CONFIG_KEY_UNKNOWN", /patience/],
    ["a misspelt measure of validation", { validation: { measure: "map-at-k" } }, "NAME_UNKNOWN", /map-at-r/],
    ["a measure of clusters", { validation: { measure: "ari" } }, "VALIDATION_MEASURE_UNSUITED", /knn-accuracy/],
    ["a share too small for a row of a class", { validation: { fraction: 0.01 } }, "VALIDATION_TOO_SMALL", /fraction/],
    ["nearly all classes held out", { validation: { by: "class", fraction: 0.9 } }, "VALIDATION_TOO_SMALL", /by/],
    [
      "validation without labels",
      { data: { ...job({}).data, pairs: "pairs.csv" }, validation: {} },
      "VALIDATION_NEEDS_LABELS",
      /labels/,
    ],
    [
      "nothing that is known of the rows",
      { data: { source: "table.csv", ids: "id", ignore: ["class"] } },
      "LABELS_MISSING",
      /pairs/,
    ],
  ])("refuses %s before a folder is made", async (_, more, code, fix) => {
    const attempt = async () => await runJob({ resolved: await resolve(more), folder: join(folder, "none") });
    await expect(attempt()).rejects.toMatchObject({ code, fix: expect.stringMatching(fix) });
    expect(existsSync(join(folder, "none"))).toBe(false);
  });

  it("says that a function cannot stand in a job, and what a stage holds", async () => {
    await expect(resolve({ loss: { name: "metric/contrastive", divergence: "custom" } })).rejects.toMatchObject({
      code: "JOB_KEY_MISSING",
      fix: expect.stringMatching(/^A job cannot hold it: φ, a function/),
    });
    const stages = [{ epochs: 1, loss: "metric/contrastive", miner: "all" }];
    await expect(resolve({ stages })).rejects.toMatchObject({
      code: "CONFIG_KEY_UNKNOWN",
      message: 'unknown key "stages.0.miner"',
      fix: "There are: epochs, loss.",
    });
  });

  it("tells a misspelt miner where it stands", async () => {
    await expect(resolve({ loss: "metric/contrastive", miner: "bach-hard" })).rejects.toMatchObject({
      code: "NAME_UNKNOWN",
      where: expect.stringContaining('key "miner"'),
      fix: expect.stringContaining("batch-hard"),
    });
    const { job } = await resolve({ loss: "metric/contrastive", miner: "multi-similarity" });
    expect(job.loss).toMatchObject({ miner: "multi-similarity" });
  });

  it("refuses data of one class", async () => {
    writeFileSync(join(folder, "one.csv"), "x,y,class\n1,2,a\n2,1,a\n3,3,a\n");
    const attempt = trained("one", { data: { source: "one.csv", labels: "class" } });
    await expect(attempt).rejects.toMatchObject({ code: "ONE_CLASS" });
  });
});

describe("what a metric job leaves", () => {
  const path = () => join(folder, "command");
  beforeAll(async () => {
    const file = join(folder, "job.yaml");
    const { loss: _, ...rest } = job({ loss: "metric/multi-similarity" });
    writeFileSync(file, JSON.stringify({ ...rest, loss: "metric/multi-similarity", backend: "ort" }));
    expect(await run("train", file, "--out", path(), "--quiet")).toMatchObject({ status: 0 });
  });

  it("embeds and scores other data", async () => {
    const embedded = await run("embed", path(), join(folder, "table.csv"), "--quiet");
    expect(embedded.out.split("\n")[0]).toBe("e0,e1,e2");
    const scored = await run("evaluate", path(), join(folder, "table.csv"), "--json");
    const { scores } = JSON.parse(scored.out);
    expect(scores.map(({ name }: { name: string }) => name)).toContain("map-at-r");
    const asked = await run(
      "evaluate",
      path(),
      join(folder, "table.csv"),
      "--measures",
      "precision-at-1,ari",
      "--json",
    );
    expect(JSON.parse(asked.out).scores).toMatchObject([{ value: expect.any(Number) }, { value: expect.any(Number) }]);
  });

  it("is a file that gives embeddings", async () => {
    const session = await InferenceSession.create(readFileSync(join(path(), "model.onnx")));
    expect(session.outputNames).toEqual(["embeddings"]);
    const { embeddings } = await session.run({ data: new Tensor("float32", Float32Array.of(1, 0, 3), [1, 3]) });
    const length = Math.hypot(...(embeddings!.data as Float32Array));
    expect(length).toBeCloseTo(1, 5);
  });

  it("gives no clusters, and says where embeddings are had", async () => {
    const predicted = await run("predict", path(), join(folder, "table.csv"));
    expect(predicted).toMatchObject({ status: 2, err: expect.stringContaining("semblance embed") });
  });

  it("is reported anew", async () => {
    expect(await run("report", path())).toMatchObject({ status: 0 });
    const report = written("command", "report.html");
    expect(report).toContain("map-at-r");
    // Nothing was clustered: a report of embeddings has no empty sections of clusters.
    for (const section of ["Cluster sizes", "Confidence", "Least certain rows"]) expect(report).not.toContain(section);
  });
});
