import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  isSemblanceError,
  ndarray,
  referenceBackend,
  type TrainingEvent,
  type TrainOptions,
  train,
} from "../src/index.js";
import { latestCheckpoint, RunFolder, writeFileAtomically } from "../src/node/index.js";
import { MemoryStore } from "./memory-store.js";
import { tinyData, tinyLearner } from "./tiny-learner.js";

function options(more: Partial<TrainOptions> = {}): TrainOptions {
  const learner = more.learner ?? tinyLearner();
  return {
    backend: referenceBackend(),
    learner,
    data: tinyData(),
    sampler: learner.catalogue.choose("sampler", "shuffled"),
    schedule: learner.catalogue.choose("schedule", { name: "cosine", warmupSteps: 3 }),
    learningRate: 0.05,
    epochs: 4,
    seed: 7,
    run: "job",
    ...more,
  };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (isSemblanceError(error)) return error.code;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("train", () => {
  it("lowers the loss, tells what happens, and gives the same bytes twice", async () => {
    const events: TrainingEvent[] = [];
    const store = new MemoryStore();
    const first = await train(
      options({ store, epochs: 12, checkpoint: { every: 5 }, onEvent: (event) => events.push(event) }),
    );
    expect(first.losses).toHaveLength(12);
    expect(first.losses.at(-1)!).toBeLessThan(first.losses[0]! - 0.3);
    expect(events.filter(({ type }) => type === "step")).toHaveLength(48);
    expect(events.filter(({ type }) => type === "checkpoint").map((event) => (event as { step: number }).step)).toEqual(
      [20, 40, 48],
    );
    expect(events.at(-1)).toEqual({ type: "finish", step: 48, reason: "completed" });
    expect(store.lines.map((line) => JSON.parse(line).step)).toEqual(Array.from({ length: 48 }, (_, i) => i + 1));

    const again = new MemoryStore();
    await train(options({ store: again, epochs: 12, checkpoint: { every: 5 } }));
    expect(again.lines).toEqual(store.lines);
    expect(again.checkpoints.at(-1)!.bytes).toEqual(store.checkpoints.at(-1)!.bytes);
    const other = new MemoryStore();
    await train(options({ store: other, epochs: 12, seed: 8 }));
    expect(other.lines).not.toEqual(store.lines);
  });

  it.each(["sgd", "adam", "adamw", "rmsprop"])(
    "ends in the same bytes when interrupted at any step (%s)",
    async (name) => {
      const learner = tinyLearner({ optimizer: name === "sgd" ? { name, momentum: 0.9, nesterov: true } : name });
      const whole = new MemoryStore();
      await train(options({ learner, store: whole, clipNorm: 0.5, earlyStopping: { patience: 3, minimumChange: 0 } }));
      for (const stopAt of [1, 3, 4, 7, 15]) {
        const store = new MemoryStore();
        const stop = new AbortController();
        const parts = options({
          learner,
          store,
          clipNorm: 0.5,
          earlyStopping: { patience: 3, minimumChange: 0 },
          onEvent: (event) => event.type === "step" && event.step === stopAt && stop.abort(),
        });
        expect((await train({ ...parts, signal: stop.signal })).reason).toBe("interrupted");
        expect((await train({ ...parts, resume: true })).reason).toBe("completed");
        expect(store.lines).toEqual(whole.lines);
        expect(store.checkpoints.at(-1)!.bytes).toEqual(whole.checkpoints.at(-1)!.bytes);
      }
    },
  );

  it("evaluates at the asked epochs and at the end, with the present weights", async () => {
    const seen: number[] = [];
    await train(
      options({
        epochs: 5,
        evaluate: {
          every: 2,
          measure: async (predictor) => {
            const { posteriors } = await predictor.predict(tinyData().features);
            seen.push(posteriors!.data[0]!);
            return { first: posteriors!.data[0]! };
          },
        },
      }),
    );
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(3);
  });

  it("stops early once the loss no longer improves", async () => {
    const result = await train(
      options({ epochs: 50, learningRate: 0, earlyStopping: { patience: 2, minimumChange: 10 } }),
    );
    expect(result).toMatchObject({ reason: "stopped-early", step: 12 });
  });

  it("ends a run whose loss is not finite with the last good epoch kept", async () => {
    const store = new MemoryStore();
    const learner = tinyLearner({ optimizer: "sgd" });
    const schedule = learner.catalogue.choose("schedule", "constant");
    // The rate is infinite from the third epoch on.
    const wild = {
      ...schedule,
      entry: { ...schedule.entry, factor: (step: number) => (step > 9 ? Number.POSITIVE_INFINITY : 1) },
    };
    const error = await train(options({ learner, store, schedule: wild })).catch((caught) => caught);
    expect(error).toMatchObject({ name: "DivergedError" });
    const kept = await store.resume();
    expect(kept!.step).toBe(8);
    for (const { data } of Object.values(kept!.arrays)) expect([...data].every(Number.isFinite)).toBe(true);
  });

  it("warns of clusters that die, once", async () => {
    const events: TrainingEvent[] = [];
    await train(
      options({
        learner: tinyLearner({ loss: { collapse: true } }),
        epochs: 60,
        learningRate: 0.2,
        onEvent: (event) => events.push(event),
      }),
    );
    const codes = events.flatMap((event) => (event.type === "warning" ? [event.code] : []));
    expect(codes).toEqual(["DEAD_CLUSTERS"]);
  });

  it("clips gradients to the global norm", async () => {
    const learner = tinyLearner({ optimizer: "sgd" });
    const schedule = learner.catalogue.choose("schedule", "constant");
    const norm = async (clipNorm?: number) => {
      const base = options({ learner, schedule, epochs: 1, learningRate: 0 });
      const before = (await train({ ...base, learningRate: 0 })).state;
      const stop = new AbortController();
      const moved = await train({
        ...base,
        learningRate: 1,
        ...(clipNorm ? { clipNorm } : {}),
        signal: stop.signal,
        onEvent: () => stop.abort(),
      });
      let total = 0;
      for (const [name, { data }] of Object.entries(moved.state))
        data.forEach((x, i) => (total += (x - before[name]!.data[i]!) ** 2));
      return Math.sqrt(total);
    };
    const free = await norm();
    expect(free).toBeGreaterThan(0.01);
    expect(await norm(free / 2)).toBeCloseTo(free / 2, 10);
    expect(await norm(free * 2)).toBeCloseTo(free, 10);
  });

  it("refuses labels, clusters and names that do not fit, before anything runs", () => {
    expect(() => tinyLearner({ loss: { clusters: 51 } })).toThrow("51 clusters of 50 rows");
    expect(() => tinyLearner({ optimizer: "adamm" })).toThrow('no optimizer named "adamm"');
    expect(() => tinyLearner({ optimizer: { name: "sgd", nesterov: true } })).toThrow("Nesterov needs momentum");
  });
});

describe("run folder", () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "semblance-run-"));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const start = async (path = join(base, "run"), more: Partial<TrainOptions> = {}) => {
    const store = await RunFolder.open(path);
    await store.write("job.json", "{}");
    try {
      return await train(options({ store, checkpoint: { every: 1 }, ...more }));
    } finally {
      store.close();
    }
  };

  it("keeps the last two checkpoints and every metric, and resumes a finished run to itself", async () => {
    const path = join(base, "run");
    await start(path);
    const names = readdirSync(join(path, "checkpoints"));
    expect(names).toEqual(["step-000000012.safetensors", "step-000000016.safetensors"]);
    const bytes = names.map((name) => readFileSync(join(path, "checkpoints", name)));
    const metrics = readFileSync(join(path, "metrics.jsonl"), "utf8");
    expect(metrics.trim().split("\n")).toHaveLength(16);
    const store = await RunFolder.open(path, { resume: true });
    await train(options({ store, checkpoint: { every: 1 }, resume: true }));
    store.close();
    expect(names.map((name) => readFileSync(join(path, "checkpoints", name)))).toEqual(bytes);
    expect(readFileSync(join(path, "metrics.jsonl"), "utf8")).toBe(metrics);
  });

  it("cuts metrics that no checkpoint vouches for", async () => {
    const path = join(base, "run");
    await start(path);
    const whole = readFileSync(join(path, "metrics.jsonl"), "utf8");
    writeFileSync(join(path, "metrics.jsonl"), `${whole}{"step":17}\n{"ste`);
    const store = await RunFolder.open(path, { resume: true });
    await store.resume("job");
    store.close();
    expect(readFileSync(join(path, "metrics.jsonl"), "utf8")).toBe(whole);
    truncateSync(join(path, "metrics.jsonl"), whole.length - 5);
    const again = await RunFolder.open(path, { resume: true });
    expect(await codeOf(again.resume("job"))).toBe("METRICS_DAMAGED");
    again.close();
  });

  it("refuses folders that hold a run, hold none, or are in use", async () => {
    const path = join(base, "run");
    await start(path);
    expect(await codeOf(RunFolder.open(path))).toBe("RUN_EXISTS");
    expect(await codeOf(RunFolder.open(join(base, "none"), { resume: true }))).toBe("RUN_MISSING");
    writeFileSync(join(path, ".lock"), String(process.ppid));
    expect(await codeOf(RunFolder.open(path, { resume: true }))).toBe("RUN_IN_USE");
    // No process has this number: the holder was killed.
    writeFileSync(join(path, ".lock"), "4194305");
    (await RunFolder.open(path, { resume: true })).close();
    writeFileSync(join(base, "file"), "");
    expect(await codeOf(RunFolder.open(join(base, "file", "run")))).toBe("NOT_WRITABLE");
  });

  it("refuses damaged, foreign and other runs' checkpoints", async () => {
    const path = join(base, "run");
    await start(path);
    const last = join(path, "checkpoints", "step-000000016.safetensors");
    const good = readFileSync(last);
    const resume = async () => {
      const store = await RunFolder.open(path, { resume: true });
      try {
        return await codeOf(train(options({ store, resume: true })));
      } finally {
        store.close();
      }
    };
    for (const length of [0, 5, 100, good.length - 1]) {
      writeFileSync(last, good.subarray(0, length));
      expect(await resume()).toBe("CHECKPOINT_DAMAGED");
    }
    for (let at = 8; at < good.length; at += 97) {
      const flipped = Uint8Array.from(good);
      flipped[at]! ^= 1;
      writeFileSync(last, flipped);
      expect(["CHECKPOINT_DAMAGED", "CHECKPOINT_FOREIGN", "CHECKPOINT_VERSION"]).toContain(await resume());
    }
    writeFileSync(last, good);
    const store = await RunFolder.open(path, { resume: true });
    const metrics = readFileSync(join(path, "metrics.jsonl"), "utf8");
    expect(await codeOf(train(options({ store, resume: true, run: "another job" })))).toBe("RUN_MISMATCH");
    store.close();
    expect(readFileSync(join(path, "metrics.jsonl"), "utf8")).toBe(metrics);
    expect((await latestCheckpoint(path))!.step).toBe(16);
  });

  it("removes what an interrupted write left behind", async () => {
    const path = join(base, "run");
    await start(path);
    writeFileSync(join(path, "checkpoints", ".step-000000020.safetensors.99.unfinished"), "half");
    (await RunFolder.open(path, { resume: true })).close();
    expect(readdirSync(join(path, "checkpoints"))).toHaveLength(2);
  });

  it("writes a file whole or not at all", async () => {
    const path = join(base, "file");
    await writeFileAtomically(path, "old");
    await writeFileAtomically(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(await codeOf(writeFileAtomically(join(base, "none", "file"), "x"))).toBe("NOT_FOUND");
    expect(readdirSync(base)).toEqual(["file"]);
    expect(statSync(path).size).toBe(3);
  });

  it("keeps a checkpoint's arrays and numbers to the last bit", async () => {
    const checkpoint: Checkpoint = {
      run: "r",
      step: 3,
      state: { lossSum: 0.1 + 0.2, none: null },
      notes: { label: "π" },
      arrays: {
        single: ndarray("float32", [2], [Math.PI, -0]),
        double: ndarray("float64", [1, 1], [Number.MIN_VALUE]),
        whole: ndarray("int32", [], [-7]),
        empty: ndarray("float32", [0, 4], []),
      },
    };
    expect(await decodeCheckpoint(await encodeCheckpoint(checkpoint), "memory")).toEqual(checkpoint);
  });
});
