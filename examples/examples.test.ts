import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseOverride, readJobFile, resolveJob, runJob } from "@semblance/cli";
import { describe, expect, it } from "vitest";
import * as ownHostOperator from "./own-host-operator.js";
import * as ownLoss from "./own-loss.js";

const job = (name: string, ...overrides: string[]) =>
  readJobFile(fileURLToPath(new URL(name, import.meta.url)), overrides.map(parseOverride));

describe("examples", () => {
  it("every job file names things that exist", async () => {
    const files = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".yaml"));
    expect(files).toEqual([
      "digits.yaml",
      "iris-path.yaml",
      "metric-digits.yaml",
      "mnist-50.yaml",
      "mnist-lenet5.yaml",
      "mnist.yaml",
      "two-moons.yaml",
    ]);
    for (const file of files) expect((await resolveJob(await job(file))).job.loss.name).toMatch(/^(gemini|metric)\//);
  });

  it("digits.yaml, in a short form, runs to a scored model", async () => {
    const folder = mkdtempSync(join(tmpdir(), "semblance-digits-"));
    try {
      const resolved = await resolveJob(await job("digits.yaml", "epochs=10"));
      const { outcome } = await runJob({ resolved, folder: join(folder, "run") });
      const ari = outcome!.scores.find(({ name }) => name === "ari")!;
      expect(ari.value).toBeGreaterThan(0.3);
      expect(readdirSync(join(folder, "run"))).toEqual(expect.arrayContaining(["model.onnx", "report.html"]));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("iris-path.yaml, in a short form, keeps the length of the petals", async () => {
    const folder = mkdtempSync(join(tmpdir(), "semblance-iris-path-"));
    try {
      const resolved = await resolveJob(await job("iris-path.yaml", "path.growth=1.2"));
      const { outcome } = await runJob({ resolved, folder: join(folder, "run") });
      expect(outcome!.path!.stages.find(({ kept }) => kept)!.features).toEqual(["petal length (cm)"]);
      expect(outcome!.scores.find(({ name }) => name === "ari")!.value).toBeGreaterThan(0.7);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("metric-digits.yaml, in a short form, brings digits of a kind nearer", async () => {
    const folder = mkdtempSync(join(tmpdir(), "semblance-metric-digits-"));
    try {
      const resolved = await resolveJob(await job("metric-digits.yaml", "epochs=4", "model.hidden=[64]"));
      const { outcome } = await runJob({ resolved, folder: join(folder, "run") });
      const { scores, baseline } = outcome!;
      const of = (from: typeof scores, name: string) => from.find((each) => each.name === name)!.value!;
      expect(of(scores, "map-at-r")).toBeGreaterThan(of(baseline!.scores, "map-at-r") + 0.2);
      expect(of(scores, "nmi")).toBeGreaterThan(of(baseline!.scores, "nmi") + 0.1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("own-loss finds the blobs", async () => {
    const { score, agreement } = await ownLoss.run();
    expect(agreement).toBeGreaterThan(0.95);
    // At most (K − 1)/2 for three clusters, reached when every row is certain and the clusters are even.
    expect(score).toBeGreaterThan(0.8);
    expect(score).toBeLessThanOrEqual(1);
  });

  it("own-host-operator differentiates through the median", async () => {
    // Σ (x − 2)² at 1, 5, 2: value 1 + 9; the median's own share of the gradient is −2·Σ(x − 2) = −4.
    expect(await ownHostOperator.run()).toEqual({ value: 10, gradient: [-2, 6, -4] });
  });
});
