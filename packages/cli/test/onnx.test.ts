import { cp, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorIn, POINTS, run, runInterruptibly, temporaryFolder } from "./support/run.js";

/** An exported file prepares rows itself, so that jobs on it take them raw. */
const jobWith = (
  model: string,
  epochs = 3,
  standardise = false,
) => `data: { source: points.csv, labels: group, standardise: ${standardise} }
loss: { name: gemini/mmd-ova, clusters: 3 }
sampler: { name: shuffle, batchSize: 10 }
model: ${model}
epochs: ${epochs}
checkpoint: { everySteps: 1 }
threads: 1
`;

/** A folder with data, and a network that was trained on them and exported. */
async function exported(): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "points.csv"), POINTS);
  await writeFile(join(folder, "first.yaml"), jobWith("{ name: mlp, hidden: [8] }", 20, true));
  expect(await run("train", join(folder, "first.yaml"), "--out", join(folder, "first"), "--quiet")).toMatchObject({
    status: 0,
  });
  await mkdir(join(folder, "models"));
  await cp(join(folder, "first", "model.onnx"), join(folder, "models", "points.onnx"));
  return folder;
}

/** Trains a job on the exported file. */
async function trained(folder: string, name: string, keys: string, epochs?: number) {
  await writeFile(join(folder, `${name}.yaml`), jobWith(`{ name: onnx, file: models/points.onnx${keys} }`, epochs));
  return await run("train", join(folder, `${name}.yaml`), "--out", join(folder, name), "--quiet");
}

const modelIn = async (folder: string) => JSON.parse(await readFile(join(folder, "job.json"), "utf8")).model;

describe("a job on an ONNX file", () => {
  it("puts a new head on a frozen network, or trains it further; the result is evaluated, embedded and exported", async () => {
    const folder = await exported();
    for (const [name, keys] of [
      ["frozen", ", trainable: false"],
      ["tuned", ""],
      ["continued", ", head: file"],
    ] as const) {
      const path = join(folder, name);
      expect(await trained(folder, name, keys)).toMatchObject({ status: 0, err: "" });
      expect(await modelIn(path)).toMatchObject({
        name: "onnx",
        file: join(folder, "models", "points.onnx"),
        sha256: expect.stringMatching(/^\w{64}$/),
      });
      const scored = await run("evaluate", path, join(folder, "points.csv"), "--json", "--quiet");
      expect(scored, scored.err).toMatchObject({ status: 0 });
      expect(
        (await run("embed", path, join(folder, "points.csv"), "--out", join(folder, "embedded.csv"), "--quiet")).status,
      ).toBe(0);
      expect(await run("export", path, "--out", join(folder, `${name}.onnx`), "--quiet")).toMatchObject({ status: 0 });
    }
  });

  it("goes on from the exported network: with its own head and a rate of 0 it is what it was", async () => {
    const folder = await exported();
    await writeFile(
      join(folder, "same.yaml"),
      `${jobWith("{ name: onnx, file: models/points.onnx, head: file }")}optimizer: { name: sgd, learningRate: 1e-30 }\n`,
    );
    expect(await run("train", join(folder, "same.yaml"), "--out", join(folder, "same"), "--quiet")).toMatchObject({
      status: 0,
    });
    const predictions = async (name: string) => {
      const out = join(folder, `${name}.csv`);
      expect(
        await run("predict", join(folder, name), join(folder, "points.csv"), "--out", out, "--quiet"),
      ).toMatchObject({ status: 0 });
      return (await readFile(out, "utf8"))
        .split("\n")
        .map((line) => line.split(",").map((cell) => (Number.isNaN(Number(cell)) ? cell : Number(cell).toFixed(4))));
    };
    expect(await predictions("same")).toEqual(await predictions("first"));
  });

  it("resumes to the same numbers, and refuses another file of the same name", async () => {
    const before = await exported();
    const straight = await trained(before, "straight", "", 30);
    expect(straight.status).toBe(0);
    await writeFile(join(before, "cut.yaml"), jobWith("{ name: onnx, file: models/points.onnx }", 30));
    const cut = await runInterruptibly(["train", join(before, "cut.yaml"), "--out", join(before, "cut")], (err) =>
      /epoch/.test(err),
    );
    expect(cut.status).toBe(1);

    const bytes = await readFile(join(before, "models", "points.onnx"));
    await writeFile(join(before, "models", "points.onnx"), Buffer.concat([bytes, Buffer.of(0x72, 0x00)]));
    const changed = await run("predict", join(before, "straight"), join(before, "points.csv"), "--quiet");
    expect(errorIn(changed)?.code).toBe("FILE_CHANGED");
    await writeFile(join(before, "models", "points.onnx"), bytes);

    expect(await run("train", "--resume", join(before, "cut"), "--quiet")).toMatchObject({ status: 0 });
    const results = (name: string) => readFile(join(before, name, "metrics.jsonl"), "utf8");
    expect(await results("cut")).toBe(await results("straight"));
    await rename(join(before, "models"), join(before, "elsewhere"));
    const gone = await run("predict", join(before, "cut"), join(before, "points.csv"), "--quiet");
    expect(errorIn(gone)?.code).toBe("FILE_NOT_FOUND");
  });

  it.each([
    ["a file that is not there", "nothing.onnx", undefined, "FILE_NOT_FOUND"],
    ["a file that is no model", "text.onnx", "this is no model", "ONNX_MALFORMED"],
  ])("says what is wrong with %s", async (_, file, content, code) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "points.csv"), POINTS);
    if (content) await writeFile(join(folder, file), content);
    await writeFile(join(folder, "job.yaml"), jobWith(`{ name: onnx, file: ${file} }`));
    const ran = await run("train", join(folder, "job.yaml"), "--out", join(folder, "run"), "--quiet");
    expect(ran.status).toBe(2);
    expect(errorIn(ran)?.code).toBe(code);
  });
});
