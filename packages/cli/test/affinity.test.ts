import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ndarray } from "@semblance/core";
import { writeNpy } from "@semblance/data";
import { describe, expect, it } from "vitest";
import { errorIn, run, runInterruptibly, temporaryFolder } from "./support/run.js";

const ROWS = 40;
/** Two groups on a line. */
const LINE = Float64Array.from({ length: ROWS }, (_, i) => (i % 2) * 20 + Math.sin(i));
const distances = () =>
  Float64Array.from({ length: ROWS ** 2 }, (_, at) => Math.abs(LINE[Math.floor(at / ROWS)]! - LINE[at % ROWS]!));
const kernel = () => distances().map((distance) => Math.exp(-distance));

/** The bytes of an .npy file, of numbers that need not be finite: our own writer refuses them. */
function npy(shape: readonly number[], values: Float64Array): Uint8Array {
  const bytes = writeNpy(ndarray("float64", shape, new Float64Array(values.length)));
  bytes.set(new Uint8Array(values.buffer), bytes.length - values.byteLength);
  return bytes;
}

/** A folder with rows, a matrix and a job that compares by what is given. */
async function jobFolder(compared: string, matrix: Float64Array = kernel(), shape = [ROWS, ROWS], more = "") {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "rows.csv"), `x\n${LINE.join("\n")}\n`);
  await writeFile(join(folder, "matrix.npy"), npy(shape, matrix));
  const named = compared.includes("precomputed") ? ", affinity: matrix.npy" : "";
  await writeFile(
    join(folder, "job.yaml"),
    `data: { source: rows.csv${named} }\nloss: { name: gemini/mmd-ova, clusters: 2, kernel: ${compared} }\nmodel: { name: mlp, hidden: [4] }\nbackend: reference\nsampler: { name: shuffle, batchSize: 16 }\nepochs: 6\n${more}`,
  );
  return folder;
}

const train = (folder: string, out: string, ...more: string[]) =>
  run("train", join(folder, "job.yaml"), "--out", join(folder, out), ...more);
const lossesOf = async (folder: string) =>
  (await readFile(join(folder, "metrics.jsonl"), "utf8"))
    .split("\n")
    .flatMap((line) => (line.includes('"loss"') ? [JSON.parse(line).loss as number] : []));

describe("a matrix of comparisons in a job", () => {
  it("is read beside the data, and gives what computing it gives", async () => {
    const folder = await jobFolder("precomputed");
    const ran = await train(folder, "given");
    expect(ran.status, ran.err).toBe(0);
    expect(ran.err).toContain('kernel "precomputed": the given matrix of all 40 rows');
    const computed = await jobFolder("{ name: laplacian, gamma: 1 }");
    expect((await train(computed, "run")).err).toContain("is computed once for all 40 rows: 6.3 KiB");
    const [one, other] = [await lossesOf(join(folder, "given")), await lossesOf(join(computed, "run"))];
    one.forEach((loss, step) => expect(loss).toBeCloseTo(other[step]!, 5));
    expect(await readFile(join(computed, "run", "report.html"), "utf8")).toContain("computed once for all 40 rows");
  });

  it("is left alone by evaluation, prediction and a report, without its file", async () => {
    const folder = await jobFolder("precomputed");
    await train(folder, "run");
    await writeFile(join(folder, "matrix.npy"), "");
    const [rows, trained] = [join(folder, "rows.csv"), join(folder, "run")];
    for (const args of [
      ["predict", trained, rows],
      ["evaluate", trained, rows],
      ["report", trained],
    ]) {
      const ran = await run(...args);
      expect(ran.status, ran.err).toBe(0);
    }
  });

  it("belongs to what a run is: it goes on to the same bytes, and not with another matrix", async () => {
    const folder = await jobFolder("precomputed", kernel(), [ROWS, ROWS], "checkpoint: { everySteps: 3 }\n");
    await train(folder, "whole");
    const parts = join(folder, "parts");
    const asked = ["train", join(folder, "job.yaml"), "--out", parts];
    expect((await runInterruptibly(asked, (err) => err.includes("epoch"))).status).toBe(1);
    await writeFile(join(folder, "matrix.npy"), npy([ROWS, ROWS], distances()));
    expect(errorIn(await run("train", "--resume", parts))?.code).toBe("RUN_MISMATCH");
    await writeFile(join(folder, "matrix.npy"), npy([ROWS, ROWS], kernel()));
    expect((await run("train", "--resume", parts)).status).toBe(0);
    for (const name of ["metrics.jsonl", "model.onnx"]) {
      expect((await readFile(join(parts, name))).equals(await readFile(join(folder, "whole", name))), name).toBe(true);
    }
  });

  it.each([
    ["asymmetric", [ROWS, ROWS], kernel().fill(9, 1, 2), "AFFINITY_ASYMMETRIC"],
    ["not finite", [ROWS, ROWS], kernel().fill(Number.NaN, 1, 2), "AFFINITY_NOT_FINITE"],
    ["not square", [20, 80], kernel(), "AFFINITY_NOT_SQUARE"],
    ["of other rows", [2, 2], Float64Array.of(1, 0, 0, 1), "AFFINITY_ROWS"],
  ])("is refused before anything is written where it is %s", async (_, shape, matrix, code) => {
    const folder = await jobFolder("precomputed", matrix, shape);
    const ran = await train(folder, "run");
    expect([ran.status, errorIn(ran)?.code]).toEqual([2, code]);
    expect(await readdir(folder)).not.toContain("run");
  });

  it("is refused where it is missing, a table, or read by nobody", async () => {
    const folder = await jobFolder("precomputed");
    const codeOf = async (...more: string[]) => errorIn(await train(folder, "run", ...more))?.code;
    expect(await codeOf("--set", "data.affinity=other.npy")).toBe("FILE_NOT_FOUND");
    expect(await codeOf("--set", "data.affinity=rows.csv")).toBe("AFFINITY_NOT_ARRAY");
    expect(await codeOf("--set", "loss.kernel=linear")).toBe("AFFINITY_UNUSED");
    const without = await jobFolder("chi2");
    const ran = await train(without, "run");
    expect(errorIn(ran)).toMatchObject({
      code: "DATA_OUTSIDE_DOMAIN",
      message: expect.stringMatching(/row \d+, column 0 \("x"\) is -0\.\d+$/),
    });
    expect(await readdir(without)).not.toContain("run");
  });
});

it("a limit makes each batch compute its own matrix, and says so", async () => {
  const folder = await jobFolder("rbf", kernel(), [ROWS, ROWS], "affinityLimit: 1000\n");
  const ran = await train(folder, "run");
  expect(ran.err).toContain("for all 40 rows it would take 6.3 KiB, more than the limit of 1000 bytes");
  expect(await readFile(join(folder, "run", "metrics.jsonl"), "utf8")).toMatch(
    /^\{"note":"kernel \\"rbf\\" is computed/,
  );
});
