import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ndarray } from "@semblance/core";
import { writeNpy } from "@semblance/data";
import { describe, expect, it } from "vitest";
import { errorIn, QUICK, run, temporaryFile, temporaryFolder } from "./support/run.js";

/** What no GEMINI can be learned from is refused by the command before anything is written. */
const ROWS = 12;
const rowsCsv = (scale: number) =>
  `x,y\n${Array.from({ length: ROWS }, (_, row) => `${(row % 2) * 10 * scale},${row * scale}`).join("\n")}\n`;

/** Refuses `cluster` and a job of `train` alike. */
async function refused(
  csv: string,
  loss: object,
  more: Record<string, unknown> = {},
  files: Record<string, Uint8Array> = {},
) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "rows.csv"), csv);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const affinity = Object.keys(files).map((name) => ({ affinity: name }))[0] ?? {};
  const job = {
    data: { source: "rows.csv", ...affinity },
    loss: { clusters: 2, ...loss },
    model: "linear",
    backend: "reference",
    epochs: 1,
    ...more,
  };
  await writeFile(join(folder, "job.yaml"), JSON.stringify(job));
  const before = await readdir(folder);
  const rows = join(folder, "rows.csv");
  const trained = await run("train", join(folder, "job.yaml"), "--out", join(folder, "run"));
  const set = ["--set", `loss=${JSON.stringify(job.loss)}`];
  for (const name of Object.keys(files)) set.push("--set", `data.affinity=${join(folder, name)}`);
  const clustered = await run("cluster", rows, ...QUICK, "--no-standardise", "--out", join(folder, "other"), ...set);
  const errors = [trained, clustered].map((ran) => {
    expect(ran, ran.err).toMatchObject({ status: 2, out: "" });
    const error = errorIn(ran)!;
    expect(error).toMatchObject({ code: expect.any(String), where: expect.any(String), fix: expect.any(String) });
    return error;
  });
  expect(errors[1]!.code).toBe(errors[0]!.code);
  // Neither run folder was made.
  expect(await readdir(folder)).toEqual(before);
  return errors[0]!;
}

const square = (change: (values: Float64Array) => void, shape = [ROWS, ROWS]) => {
  const values = new Float64Array(ROWS * ROWS);
  values.forEach((_, at) => {
    values[at] = Math.abs(Math.floor(at / ROWS) - (at % ROWS));
  });
  change(values);
  return { "matrix.npy": writeNpy(ndarray("float64", shape, values)) };
};
const PRECOMPUTED = { name: "gemini/wasserstein-ova", distance: "precomputed" };

describe("cluster and train refuse, without a run folder,", () => {
  it("a kernel that is not finite on the data", async () => {
    const kernel = { name: "polynomial", degree: 9 };
    const whole = await refused(rowsCsv(1e30), { name: "gemini/mmd-ovo", kernel });
    expect(whole).toMatchObject({
      code: "AFFINITY_NOT_FINITE",
      message: expect.stringMatching(/^kernel "polynomial" of rows \d+ and \d+ is Infinity$/),
    });
    const perBatch = await refused(rowsCsv(1e30), { name: "gemini/mmd-ova", kernel }, { affinityLimit: 0 });
    expect(perBatch.code).toBe("AFFINITY_NOT_FINITE");
  });

  it("a distance that is not finite on the data", async () => {
    const error = await refused(rowsCsv(1e30), { name: "gemini/wasserstein-ova", distance: "squared-euclidean" });
    expect(error.code).toBe("AFFINITY_NOT_FINITE");
  });

  it.each([
    ["negative", square((values) => values.fill(-1, 1, 2).fill(-1, ROWS, ROWS + 1)), "AFFINITY_NEGATIVE"],
    ["asymmetric", square((values) => values.fill(9, 1, 2)), "AFFINITY_ASYMMETRIC"],
    ["not square", square(() => {}, [ROWS / 2, ROWS * 2]), "AFFINITY_NOT_SQUARE"],
    ["not 0 on its diagonal", square((values) => values.fill(1, 0, 1)), "AFFINITY_DIAGONAL"],
  ])("a given matrix that is %s", async (_, files, code) => {
    expect((await refused(rowsCsv(1), PRECOMPUTED, {}, files)).code).toBe(code);
  });

  it("hops on a graph that is disconnected where it must not be, or has no edges", async () => {
    const hop = (keys: object) => ({ name: "gemini/wasserstein-ova", distance: { name: "hop", ...keys } });
    expect(await refused(rowsCsv(1), hop({ quantile: 0.2, connected: true }))).toMatchObject({
      code: "GRAPH_DISCONNECTED",
      message: expect.stringContaining("2 separate parts"),
    });
    expect((await refused(rowsCsv(1), hop({ quantile: 0.01 }))).code).toBe("GRAPH_WITHOUT_EDGES");
  });

  it("keys of another kernel, but not those of the default one that was replaced", async () => {
    const rows = await temporaryFile("rows.csv", rowsCsv(1));
    const cluster = (...set: string[]) =>
      run("cluster", rows, ...QUICK, "--out", join(rows, "../run"), ...set.flatMap((each) => ["--set", each]));
    expect(errorIn(await cluster("loss.kernel.degree=3"))?.code).toBe("CONFIG_KEY_UNKNOWN");
    const ran = await cluster("loss.kernel.name=polynomial", "loss.kernel.degree=3");
    expect(ran.status, ran.err).toBe(0);
  });

  it("more clusters than rows", async () => {
    const error = await refused(rowsCsv(1), { name: "gemini/kl-ova", clusters: ROWS + 1 });
    expect(error.code).toBe("MORE_CLUSTERS_THAN_ROWS");
  });
});

describe("compute refuses", () => {
  const posteriors = { shape: [2, 2], data: [0.5, 0.5, 0.2, 0.8] };
  const data = { shape: [2, 1], data: [1, 0] };
  const loss = (name: string, config: object, inputs: object) => ({ kind: "loss", name, config, inputs });
  const matrix = (...values: number[]) => ({ shape: [2, values.length / 2], data: values });
  const transport = (first: number[], second: number[]) => ({
    kind: "optimal-transport",
    name: "exact",
    config: {},
    inputs: { first: { shape: [2], data: first }, second: { shape: [2], data: second }, cost: matrix(0, 1, 1, 0) },
  });
  const given = { kernel: "precomputed" };
  const far = { shape: [2, 1], data: [1e200, 1] };

  it.each<[string, object, string]>([
    [
      "rows that do not sum to 1",
      loss("gemini/kl-ova", {}, { posteriors: matrix(0.5, 0.6, 0.2, 0.8) }),
      "NOT_ON_SIMPLEX",
    ],
    ["negative posteriors", loss("gemini/tv-ovo", {}, { posteriors: matrix(-0.5, 1.5, 0.2, 0.8) }), "NOT_ON_SIMPLEX"],
    [
      "an asymmetric kernel",
      loss("gemini/mmd-ova", given, { posteriors, affinity: matrix(1, 0, 2, 1) }),
      "AFFINITY_ASYMMETRIC",
    ],
    [
      "a kernel that is not square",
      loss("gemini/mmd-ova", given, { posteriors, affinity: matrix(1, 0, 2, 1, 0, 0) }),
      "AXIS_MISMATCH",
    ],
    [
      "a negative distance",
      loss("gemini/wasserstein-ovo", { distance: "precomputed" }, { posteriors, affinity: matrix(0, -1, -1, 0) }),
      "AFFINITY_NEGATIVE",
    ],
    [
      "a kernel that is not finite",
      loss("gemini/mmd-ova", { kernel: { name: "polynomial", degree: 4 } }, { posteriors, data: far }),
      "AFFINITY_NOT_FINITE",
    ],
    [
      "such a kernel alone",
      { kind: "kernel", name: "polynomial", config: { degree: 4 }, inputs: { data: far } },
      "AFFINITY_NOT_FINITE",
    ],
    ["masses of different sums", transport([0.5, 0.5], [0.5, 0.6]), "TRANSPORT_MASSES"],
    ["a negative mass", transport([-0.5, 1.5], [0.5, 0.5]), "TRANSPORT_MASSES"],
  ])("%s", async (_, item, code) => {
    const right = { id: "right", ...loss("gemini/mmd-ova", {}, { posteriors, data }) };
    const cases = await temporaryFile("cases.json", JSON.stringify([{ id: "wrong", ...item }, right]));
    const { status, out } = await run("compute", cases, "--json");
    expect(status).toBe(2);
    const { results } = JSON.parse(out);
    expect(results[0]).toMatchObject({ status: "error", code, where: expect.any(String), fix: expect.any(String) });
    // One that cannot be computed does not hide what the others give: −G, and G beside it.
    expect(results[1].result.value).toBeCloseTo(-0.15, 12);
    expect(results[1].result.score).toBe(-results[1].result.value);
    const printed = await run("compute", cases);
    expect(printed.out).toMatch(new RegExp(`^error {2}wrong: ${code}: .+\n {2}where: .+\n {2}fix: .+\n`));
    expect(printed.out).toContain("(value and gradients are of what is minimised)");
  });
});
