import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Key } from "@semblance/core";
import { gaussianMixture } from "@semblance/data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobFrom, resolveJob, runJob } from "../src/index.js";

const ROWS = 800;
const CLASSES = 6;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "semblance-warm-up-"));
  const means = Array.from({ length: CLASSES }, (_, c) => [
    3 * Math.cos((c * Math.PI) / 3),
    3 * Math.sin((c * Math.PI) / 3),
  ]);
  const { features, labels } = gaussianMixture({ key: Key.fromSeed(7), rows: ROWS, means, standardDeviation: 0.6 });
  const lines = Array.from(
    { length: ROWS },
    (_, row) => `${features.data[2 * row]},${features.data[2 * row + 1]},c${labels!.indices[row]}`,
  );
  writeFileSync(join(folder, "blobs.csv"), `x,y,label\n${lines.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The experiment of the deep Bregman network on six blobs: 400 steps of 64 rows, contrastive, one output a class. */
async function experiment(name: string, more: object) {
  let active: readonly number[] = [];
  const warnings: string[] = [];
  const resolved = await resolveJob(
    jobFrom(
      {
        task: "metric",
        data: { source: "blobs.csv", labels: "label", holdOut: { by: "row", fraction: 0.2 } },
        model: { name: "conv-branches", filters: [], trunk: [64], branch: 32 },
        loss: { name: "metric/contrastive", form: "paper", divergence: "max-affine" },
        sampler: { name: "shuffle", batchSize: 64 },
        optimizer: { learningRate: 0.003 },
        epochs: 40,
        evaluate: { every: 40, measures: ["knn-accuracy"] },
        ...more,
      },
      { name: "warm-up", folder },
    ),
  );
  const { outcome } = await runJob({
    resolved,
    folder: join(folder, name),
    onEvent: (event) => {
      if (event.type === "epoch" && event.monitors?.active) active = event.monitors.active;
      if (event.type === "warning") warnings.push(event.code);
    },
  });
  // An output that is the largest of hardly any row is not in use.
  const used = active.filter((share) => share > 0.01 / CLASSES).length;
  return { accuracy: outcome!.scores[0]!.value!, used, warnings };
}

describe("the hard divergence on six blobs", () => {
  it.each([0, 1])("collapses to a few outputs from a random start, and training says so, seed %i", async (seed) => {
    const { accuracy, used, warnings } = await experiment(`cold-${seed}`, { seed, warmup: false });
    expect(used).toBeLessThan(CLASSES);
    expect(accuracy).toBeLessThan(0.75);
    expect(warnings).toContain("INACTIVE_OUTPUTS");
  });

  it.each([0, 1])("uses all of them after 50 steps of cross-entropy, seed %i", async (seed) => {
    const { accuracy, used, warnings } = await experiment(`warm-${seed}`, { seed, warmup: { epochs: 5 } });
    expect(used).toBe(CLASSES);
    expect(accuracy).toBeGreaterThan(0.95);
    expect(warnings).toEqual([]);
  });

  it("warms up by itself where the job does not say", async () => {
    const { accuracy, used } = await experiment("standard", {});
    expect(used).toBe(CLASSES);
    expect(accuracy).toBeGreaterThan(0.95);
  });
});
