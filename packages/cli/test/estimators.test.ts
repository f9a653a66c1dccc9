import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Key } from "@semblance/core";
import { gaussianMixture } from "@semblance/data";
import { GeminiClustering } from "@semblance/estimators";
import { loadRun, saveRun } from "@semblance/estimators/node";
import { beforeAll, describe, expect, it } from "vitest";
import { run } from "./support/run.js";

/** Rows in two units, as text and as the numbers that the text says. */
const drawn = gaussianMixture({
  key: Key.fromSeed(8),
  rows: 60,
  means: [
    [0, 0],
    [7, 7],
  ],
  standardDeviation: 1,
});
const rows = Array.from({ length: 60 }, (_, row) => [
  Math.round(1e6 * drawn.features.data[2 * row]!) / 10,
  Math.round(1e4 * drawn.features.data[2 * row + 1]!) / 1e4,
]);

interface Predicted {
  readonly cluster: number;
  readonly p0: number;
  readonly p1: number;
}

describe("the estimator and the command", () => {
  let folder: string;
  let csv: string;
  let fitted: GeminiClustering;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "semblance-estimators-"));
    csv = join(folder, "rows.csv");
    await writeFile(csv, `x,y\n${rows.map((row) => row.join(",")).join("\n")}\n`);
    fitted = await new GeminiClustering({ clusters: 2, epochs: 20, seed: 5 }).fit(rows);
    return async () => {
      await fitted.dispose();
      await rm(folder, { recursive: true, force: true });
    };
  });

  const predict = async (path: string) => {
    const out = join(folder, "predictions.jsonl");
    const { status, err } = await run("predict", path, csv, "--out", out, "--quiet");
    expect(status, err).toBe(0);
    const lines = (await readFile(out, "utf8")).trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Predicted);
  };

  it("learn the same, to the last bit, and read each other's run folders", async () => {
    const out = join(folder, "by-command");
    const { status, err } = await run(
      "cluster",
      csv,
      "--clusters",
      "2",
      "--epochs",
      "20",
      "--seed",
      "5",
      "--out",
      out,
      "--quiet",
    );
    expect(status, err).toBe(0);
    await using loaded = await loadRun(out);
    const posteriors = await loaded.predictProbabilities(rows);
    expect(posteriors).toEqual(await fitted.predictProbabilities(rows));
    expect(await loaded.score(rows)).toBe(await fitted.score(rows));

    const mine = join(folder, "by-estimator");
    await saveRun(fitted, mine, { onnx: rows });
    const told = await predict(mine);
    expect(told).toEqual(await predict(out));
    expect(told.map(({ cluster }) => cluster)).toEqual(Array.from(await fitted.predict(rows)));
    expect(told.flatMap(({ p0, p1 }) => [p0, p1])).toEqual(Array.from(posteriors.data));
    expect((await readFile(join(mine, "model.onnx"))).length).toBeGreaterThan(100);
    // A folder holds one run.
    await expect(saveRun(fitted, mine)).rejects.toMatchObject({ code: "RUN_EXISTS" });
  });

  it("a loaded run can be fitted anew, as it was", async () => {
    const mine = join(folder, "again");
    await saveRun(fitted, mine);
    await using loaded = await loadRun(mine);
    await loaded.fit(rows);
    expect(await loaded.predictProbabilities(rows)).toEqual(await fitted.predictProbabilities(rows));
  });

  it("a folder that is no run is refused as by the command", async () => {
    await expect(loadRun(folder)).rejects.toMatchObject({ code: "RUN_MISSING" });
  });
});
