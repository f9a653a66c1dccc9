import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { importOnnx } from "@semblance/models";
import { onnx } from "onnx-proto";
import * as runtime from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { POINTS, run, temporaryFolder } from "./support/run.js";

/** A file that is trained on, the model that came of it, and what `predict` says. */
async function exported(csv: string, ...options: string[]) {
  const folder = await temporaryFolder();
  const [data, out] = [join(folder, "points.csv"), join(folder, "run")];
  await writeFile(data, csv);
  const asked = ["--labels", "group", "--out", out, "--epochs", "40", "--seed", "1", "--set", "model.hidden=[8]"];
  const ran = await run("cluster", data, ...asked, ...options, "--quiet");
  expect(ran.status, ran.err).toBe(0);
  const bytes = await readFile(join(out, "model.onnx"));
  const { metadataProps } = onnx.ModelProto.decode(bytes);
  const metadata = Object.fromEntries(metadataProps!.map(({ key, value }) => [key!, value!]));
  return { data, out, bytes, metadata, ran };
}

/** The posteriors that a file gives for rows. */
async function posteriorsOf(bytes: Uint8Array, rows: readonly (readonly number[])[]): Promise<number[]> {
  const session = await runtime.InferenceSession.create(bytes);
  const data = new runtime.Tensor("float32", Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]);
  const { posteriors } = await session.run({ data });
  await session.release();
  return Array.from(posteriors!.data as Float32Array);
}

async function predicted(out: string, data: string, width: number): Promise<number[]> {
  const { out: text } = await run("predict", out, data, "--quiet");
  return text
    .trim()
    .split("\n")
    .slice(1)
    .flatMap((line) => line.split(",").slice(-width).map(Number));
}

const closest = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));

/** The features of a CSV file whose last column is the class. */
const rowsIn = (csv: string) =>
  csv
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").slice(0, -1).map(Number));

describe("an exported file", () => {
  it.each([
    ["standardised", ["--standardise"]],
    ["centred in common", []],
    ["taken as they are", ["--no-standardise"]],
    ["shifted and scaled", ["--no-standardise", "--set", "data.offset=5", "data.scale=10"]],
  ])("takes rows as they stand in the data, when these were %s", async (_, options) => {
    const { data, out, bytes, metadata } = await exported(POINTS, ...options);
    expect(metadata).toMatchObject({ preprocessing: "none", columns: '["x","y"]' });
    // Two layers, and nothing that prepares rows.
    expect(importOnnx(bytes, { batch: 2 }).trainable).toHaveLength(4);
    const [file, ours] = [await posteriorsOf(bytes, rowsIn(POINTS)), await predicted(out, data, 3)];
    expect(ours).toHaveLength(90);
    expect(closest(file, ours)).toBeLessThan(1e-4);
  });

  it("keeps a column that was constant at 0, whatever stands in it later", async () => {
    const csv = POINTS.replaceAll(/,(?=[abcg])/g, ",7,").replace("x,y,7,", "x,y,z,");
    const { data, out, bytes } = await exported(csv, "--standardise");
    const other = csv.replaceAll(/,7,/g, ",-123456,");
    await writeFile(data, other);
    expect(closest(await posteriorsOf(bytes, rowsIn(other)), await predicted(out, data, 3))).toBeLessThan(1e-4);
  });

  it("subtracts means that float32 would round away", async () => {
    const far = (row: string) => row.replace(/^[\d.]+/, (x) => String(4_000_000 + Math.round(Number(x) * 4)));
    const csv = POINTS.split("\n").map(far).join("\n");
    const { data, out, bytes, metadata } = await exported(csv, "--standardise");
    expect(metadata.preprocessing).toBe("none");
    expect(closest(await posteriorsOf(bytes, rowsIn(csv)), await predicted(out, data, 3))).toBeLessThan(1e-4);
  });

  it("takes prepared rows where float32 cannot hold them as they are, and says so", async () => {
    const far = (row: string) => row.replace(/^[\d.]+/, (x) => String(1e12 + Number(x)));
    const csv = POINTS.split("\n").map(far).join("\n");
    const { data, out, bytes, metadata } = await exported(csv, "--standardise");
    const { subtract, divideBy } = JSON.parse(metadata.preprocessing!);
    const rows = rowsIn(csv).map((row) => row.map((value, k) => (value - subtract[k]) / divideBy[k]));
    expect(closest(await posteriorsOf(bytes, rows), await predicted(out, data, 3))).toBeLessThan(1e-4);
    expect((await run("export", out)).out).toContain('takes prepared rows, as its metadata say under "preprocessing"');
  });

  it("is described by the command that writes it", async () => {
    const { out } = await exported(POINTS);
    const { out: text } = await run("export", out);
    expect(text.split("\n").slice(1)).toMatchInlineSnapshot(`
      [
        "  takes rows of 2 columns of the data file, in this order: x, y",
        "  as they are: nothing needs to be prepared",
        "  gives logits [rows, 3], posteriors [rows, 3], embeddings [rows, 8]",
        "",
      ]
    `);
  });
});
