import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { loadDataset } from "@semblance/data";
import { afterAll, describe, expect, it, vi } from "vitest";
import { type Choices, type Line, points } from "./experiment.js";
import { experiments, retrievalExperiments, tableOf } from "./index.js";
import { gaussianStudentTarget, mnistTarget } from "./paper-tables.js";

const shared = process.env.SEMBLANCE_SHARED ?? fileURLToPath(new URL("../../../shared", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "semblance-experiments-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const linesOf = async (name: string, choices: Choices) =>
  await experiments[name]!.run({ threads: 1, ...choices }, () => {});
const ariOf = (lines: readonly Line[], loss: string) =>
  lines.filter(({ setting }) => setting.loss === loss).flatMap(({ runs }) => runs.map(({ ari }) => ari));

/** The shipped digits of 8×8 pixels as the four files of MNIST. */
async function digitsAsMnist(path: string): Promise<void> {
  const { features, labels } = (await loadDataset("builtin:digits", { labels: "label" })).splits.train;
  const bytes = (kind: number, sizes: readonly number[], values: ArrayLike<number>) => {
    const head = new DataView(new ArrayBuffer(4 + 4 * sizes.length));
    head.setUint32(0, 0x800 + kind);
    for (const [at, size] of sizes.entries()) head.setUint32(4 + 4 * at, size);
    return gzipSync(Buffer.concat([Buffer.from(head.buffer), Uint8Array.from(values)]));
  };
  const rows = features.shape[0]!;
  for (const [name, from, to] of [
    ["train", 0, 1500],
    ["t10k", 1500, rows],
  ] as const) {
    const pictures = features.data.slice(64 * from, 64 * to).map((ink) => Math.round((ink * 255) / 16));
    writeFileSync(join(path, `${name}-images-idx3-ubyte.gz`), bytes(3, [to - from, 8, 8], pictures));
    writeFileSync(join(path, `${name}-labels-idx1-ubyte.gz`), bytes(1, [to - from], labels!.indices.slice(from, to)));
  }
}

describe("the experiments, in a short form", () => {
  it("digits by nearest neighbours: settings and epochs are chosen on rows held out, the test part decides nothing", async () => {
    await digitsAsMnist(folder);
    const progress = vi.spyOn(console, "error").mockImplementation(() => {});
    const losses = ["Euclid contrastive", "Bregman triplet", "Bregman contrastive without warm-up"];
    const lines = await retrievalExperiments["mnist-neighbours"]!.run(
      { data: folder, threads: 1, epochs: 12, losses },
      () => {},
    );
    expect(progress).toHaveBeenCalledWith(expect.stringContaining("Euclid contrastive: epoch 12, knn-accuracy"));
    progress.mockRestore();
    const [euclid, bregman, cold] = lines;
    for (const line of [euclid!, bregman!]) {
      const best = line.tried!.reduce((most, each) => (each.validation! > most.validation! ? each : most));
      expect(line.tried).toHaveLength(4);
      expect(line.setting).toMatchObject({ margin: best.margin, "learning rate": best.learningRate, epochs: 12 });
      expect(Number(line.setting.kept)).toBeLessThanOrEqual(12);
      expect(line.runs[0]!.scores.accuracy).toBeGreaterThan(0.8);
    }
    expect(cold!.runs[0]!.scores.accuracy).toBeLessThan(0.5);
    expect(tableOf(lines)).toContain("| Euclid contrastive |");
  });

  it("have the points of the released runs", async () => {
    // Counts, extremes and quantiles that the runs are known by.
    for (const [df, largest] of [
      [1, 2585.67],
      [2, 64.808],
    ] as const) {
      const { features, labels } = await points(`gaussian-student-df${df}`);
      const counts = [0, 1, 2, 3].map((each) => labels!.indices.filter((label) => label === each).length);
      expect(counts).toEqual([1203, 1235, 1268, 1294]);
      expect(Math.abs(features.data[0]! - 3.85566)).toBeLessThan(1e-5);
      expect(features.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeCloseTo(largest, 1);
    }
    const { labels } = await points("two-moons");
    expect([0, 1].map((each) => labels!.indices.filter((label) => label === each).length)).toEqual([263, 237]);
  });

  it("free posteriors: mutual information finds nothing, MMD everything", async () => {
    const lines = await linesOf("categorical", { runs: 2 });
    for (const ari of ariOf(lines, "gemini/kl-ova")) expect(Math.abs(ari)).toBeLessThan(0.1);
    for (const ari of ariOf(lines, "gemini/mmd-ova")) expect(ari).toBe(1);
  });

  it("outliers: MMD finds the four clusters, and the table stands beside the paper's", async () => {
    const drawn = join(folder, "pictures");
    mkdirSync(drawn);
    const lines = await linesOf("gaussian-student", {
      df: [1],
      clusters: [4],
      losses: ["gemini/mmd-ova"],
      epochs: 40,
      pictures: drawn,
    });
    expect(lines[0]!.runs[0]!.ari).toBeGreaterThan(0.9);
    const table = tableOf(lines).split("\n");
    expect(table[0]).toMatch(/^\| loss +\| df +\| K +\| runs \| ARI +\| paper/);
    expect(table[2]).toContain("0.922 (0.004)");
    const pictures = readdirSync(drawn).sort();
    expect(pictures).toEqual(["entropy", "regions"].map((kind) => `gaussian-student-df1-gemini-mmd-ova-4-${kind}.svg`));
    for (const picture of pictures) expect(readFileSync(join(drawn, picture), "utf8")).toMatch(/^<svg xmlns=/);
  });

  it("outliers: mutual information is sure of every point, MMD an order of magnitude less", async () => {
    const lines = await linesOf("gaussian-student", {
      df: [1],
      clusters: [4],
      losses: ["gemini/kl-ova", "gemini/mmd-ova"],
    });
    const [information, discrepancy] = lines.map(({ runs }) => runs[0]!.entropy);
    expect(information).toBeLessThan(0.001);
    expect(discrepancy).toBeGreaterThan(0.003);
    expect(discrepancy).toBeLessThan(0.007);
  });

  it("outliers: KL one-vs-one grows two clusters without bound, and with a floor uses more", async () => {
    const setting = { df: [2], clusters: [4], losses: ["gemini/kl-ovo"], epochs: 40 };
    const [exact] = await linesOf("gaussian-student", { ...setting, floor: 0 });
    const [floored] = await linesOf("gaussian-student", setting);
    expect(exact!.runs[0]).toMatchObject({ used: 2 });
    expect(exact!.runs[0]!.score).toBeGreaterThan(100);
    expect(floored!.runs[0]!.used).toBeGreaterThan(2);
    expect(floored!.runs[0]!.score).toBeLessThan(Math.log(4) + Math.log(1e12));
  });

  it("iris: the scores of GemClus, and more where free posteriors begin wider", async () => {
    const lines = await linesOf("iris", { runs: 1 });
    const ours = Object.fromEntries(lines.map(({ setting, runs }) => [setting.GemClus, runs[0]!.score]));
    const { "CategoricalModel, mi": free, ...others } = ours;
    for (const { setting, target } of lines.filter(({ setting }) => setting.GemClus !== "CategoricalModel, mi")) {
      expect(Math.abs(others[setting.GemClus!]! - target!.score), String(setting.GemClus)).toBeLessThan(0.05);
    }
    expect(Object.keys(others)).toHaveLength(8);
    // Logits from N(0, 1), as the paper has them, are further apart than GemClus's from U(−1, 1).
    expect(free).toBeGreaterThan(0.71);
    expect(tableOf(lines)).toMatch(/LinearMMD, ovo.*1\.755 +\| within/);
  });

  it("two moons: mutual information cuts them across, the Wasserstein distance on hops finds them", async () => {
    const lines = await linesOf("two-moons", {
      runs: 1,
      clusters: [2],
      losses: ["gemini/kl-ova", "gemini/wasserstein-ovo"],
    });
    expect(ariOf(lines, "gemini/kl-ova")[0]).toBeLessThan(0.6);
    expect(ariOf(lines, "gemini/wasserstein-ovo")[0]).toBe(1);
  });

  it("two moons: of five clusters some stay empty", async () => {
    const [line] = await linesOf("two-moons", { runs: 1, clusters: [5], losses: ["gemini/wasserstein-ova"] });
    expect(line!.runs[0]!.used).toBeLessThan(5);
  });

  const files = join(shared, "data/mnist");
  const there = (() => {
    try {
      return readdirSync(files).length >= 4;
    } catch {
      return false;
    }
  })();
  it.skipIf(!there)(`MNIST${there ? "" : " (skipped: its files are not here)"}`, async () => {
    const lines = await linesOf("mnist", { data: files, epochs: 1 });
    expect(lines[0]!.runs[0]!.ari).toBeGreaterThan(0.1);
    expect(lines[0]!.paper).toEqual({ ari: 0.373, used: 10 });
  });

  it("MNIST says what it needs", async () => {
    await expect(linesOf("mnist", {})).rejects.toMatchObject({ code: "DATA_MISSING" });
  });
});

describe("the paper's numbers", () => {
  it("are found by setting", () => {
    expect(gaussianStudentTarget("gemini/wasserstein-ovo", 1, 8)).toEqual({ ari: 0.817, spread: 0.042, used: 6.9 });
    expect(gaussianStudentTarget("gemini/mmd-ova", 2, 4)).toEqual({ ari: 0.953, spread: 0.06, used: 4 });
    expect(gaussianStudentTarget("gemini/mmd-ova", 3, 4)).toBeUndefined();
    expect(gaussianStudentTarget("gemini/mmd-ova", 1, 5)).toBeUndefined();
    expect(mnistTarget("gemini/kl-ovo", "lenet5", 15)).toEqual({ ari: 0.104, used: 4 });
    expect(mnistTarget("gemini/kl-ovo", "resnet18", 15)).toBeUndefined();
  });

  it("are compared with the mean of ours, give or take the paper's spread", () => {
    const line = (ari: number): Line => ({
      setting: { loss: "a" },
      runs: [ari - 0.01, ari + 0.01].map((each, seed) => ({
        seed,
        ari: each,
        used: 4,
        seconds: 1,
        score: 1,
        entropy: 0.01,
      })),
      paper: { ari: 0.9, spread: 0.02, used: 4 },
    });
    expect(tableOf([line(0.9), line(0.93), line(0.85)])).toMatchInlineSnapshot(`
      "| loss | runs | ARI           | paper         |        | clusters used | paper | entropy | seconds a run |
      | ---- | ---- | ------------- | ------------- | ------ | ------------- | ----- | ------- | ------------- |
      | a    | 2    | 0.900 (0.010) | 0.900 (0.020) | within | 4.0           | 4.0   | 0.010   | 1.0           |
      | a    | 2    | 0.930 (0.010) | 0.900 (0.020) | above  | 4.0           | 4.0   | 0.010   | 1.0           |
      | a    | 2    | 0.850 (0.010) | 0.900 (0.020) | below  | 4.0           | 4.0   | 0.010   | 1.0           |"
    `);
  });
});
