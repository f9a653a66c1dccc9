import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTable } from "@semblance/data";
import { describe, expect, it } from "vitest";
import { errorIn, POINTS, run, runInterruptibly, temporaryFile, temporaryFolder } from "./support/run.js";

/** A run on the three groups of points, with labels for scoring. */
async function trained(...options: string[]) {
  const folder = await temporaryFolder();
  const data = join(folder, "points.csv");
  const out = join(folder, "run");
  await writeFile(data, POINTS);
  const ran = await run(
    "cluster",
    data,
    "--labels",
    "group",
    "--out",
    out,
    "--epochs",
    "400",
    "--set",
    "model.hidden=[16]",
    ...options,
  );
  expect(ran.status, ran.err).toBe(0);
  return { folder, data, out, ran };
}

/** Features so large that the first loss overflows float32. */
const OVERFLOWING = `data: { source: builtin:blobs, scale: 1.0e-30 }
loss: { name: gemini/kl-ova, clusters: 3 }
model: { name: mlp, hidden: [4] }
checkpoint: { everySteps: 1 }
epochs: 2
`;

const json = async (...args: string[]) => {
  const { status, out, err } = await run(...args, "--json", "--quiet");
  expect(status, err).toBe(0);
  return JSON.parse(out);
};

describe("cluster and what follows", () => {
  it("finds the groups, writes a run folder, and everything else can be made from it", async () => {
    const { folder, data, out, ran } = await trained();
    expect(ran.out).toContain("gemini/mmd-ova");
    expect(ran.out).toContain("k-means");
    expect(ran.out).toContain("scored on the 30 rows that it was trained on");
    expect((await readdir(out)).sort()).toEqual(
      ["checkpoints", "environment.json", "job.json", "metrics.jsonl", "model.onnx", "report.html"].sort(),
    );
    expect(JSON.parse(await readFile(join(out, "environment.json"), "utf8"))).toMatchObject({
      node: process.versions.node,
      outcome: "completed",
      wallSeconds: expect.any(Number),
      backend: { name: "ort" },
    });

    const { scores } = await json("evaluate", out, data, "--measures", "ari,purity", "used-clusters");
    expect(scores).toEqual([
      { name: "ari", value: 1, higherIsBetter: true },
      { name: "purity", value: 1, higherIsBetter: true },
      { name: "used-clusters", value: 3, higherIsBetter: true },
    ]);

    const file = join(folder, "p.csv");
    await run("predict", out, data, "--out", file, "--quiet");
    const table = await readTable(file);
    expect(table.kind === "columns" && table.columns.map(({ name }) => name)).toEqual([
      "row",
      "cluster",
      "confidence",
      "p0",
      "p1",
      "p2",
    ]);
    const printed = (await run("predict", out, data, "--quiet")).out;
    expect(printed).toBe(await readFile(file, "utf8"));

    const embeddings = join(folder, "e.npy");
    await run("embed", out, data, "--out", embeddings, "--quiet");
    expect(await readTable(embeddings)).toMatchObject({ shape: [30, 16] });

    const model = await readFile(join(out, "model.onnx"));
    const again = join(folder, "again.onnx");
    await run("export", out, "--out", again);
    expect((await readFile(again)).equals(model)).toBe(true);

    const report = await readFile(join(out, "report.html"), "utf8");
    expect((await run("report", out)).status).toBe(0);
    expect(await readFile(join(out, "report.html"), "utf8")).toBe(report);
  });

  it("predicts rows without the labels, one row, and refuses columns it does not know", async () => {
    const { out } = await trained("--standardise");
    const one = await temporaryFile("one.csv", "y,x\n9.1,10.2\n");
    const [row] = (await run("predict", out, one, "--json", "--quiet")).out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const all = await temporaryFile("all.csv", POINTS);
    const rows = (await run("predict", out, all, "--json", "--quiet")).out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    // Row 1 of the points is of the same group: columns are found by name, and standardised as the training rows were.
    expect(row.cluster).toBe(rows[1].cluster);
    expect(row.confidence).toBeGreaterThan(0.5);
    const other = await run("predict", out, await temporaryFile("z.csv", "x,z\n1,2\n"), "--quiet");
    expect(other.status).toBe(2);
    expect(other.err).toContain('error[COLUMN_UNKNOWN]: there is no column "y"');
  });

  it("gives the same bytes for the same seed, others for another", async () => {
    const first = await trained();
    const second = await trained();
    const third = await trained("--seed", "1");
    const bytes = ({ out }: { out: string }, name: string) => readFile(join(out, name));
    for (const name of ["metrics.jsonl", "model.onnx"]) {
      expect((await bytes(first, name)).equals(await bytes(second, name)), name).toBe(true);
      expect((await bytes(first, name)).equals(await bytes(third, name)), name).toBe(false);
    }
  });

  it("prints one JSON document and no progress with --json --quiet", async () => {
    const { ran } = await trained("--json", "--quiet");
    expect(ran.err).toBe("");
    expect(JSON.parse(ran.out)).toMatchObject({
      reason: "completed",
      loss: "gemini/mmd-ova",
      clusters: 3,
      scoredOn: { part: "training", rows: 30 },
      scores: [{ name: "ari", value: 1 }, { name: "nmi" }, { name: "accuracy" }, { name: "used-clusters", value: 3 }],
      baseline: { name: "k-means", scores: [{ name: "ari", value: 1 }, {}, {}, {}] },
    });
  });

  it("standardises columns of different units one by one, and others in common", async () => {
    const standardised = async (content: string, ...options: string[]) => {
      const data = await temporaryFile("a.csv", content);
      const out = join(data, "../run");
      const ran = await run("cluster", data, "--clusters", "2", "--epochs", "1", "--quiet", "--out", out, ...options);
      expect(ran.status, ran.err).toBe(0);
      return JSON.parse(await readFile(join(out, "job.json"), "utf8")).data.standardise;
    };
    const alike = "a,b\n1,2\n3,5\n4,9\n";
    const different = "a,b\n1,2000\n3,5000\n4,9000\n";
    expect(await standardised(alike)).toBe("common");
    expect(await standardised(alike, "--standardise")).toBe(true);
    expect(await standardised(different)).toBe(true);
    expect(await standardised(different, "--no-standardise")).toBe(false);
    expect(await standardised(different, "--set", "data.standardise=false")).toBe(false);
  });
});

describe("a job file", () => {
  it("learns classes with cross-entropy, and predicts their names", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "points.csv"), POINTS);
    await writeFile(
      join(folder, "job.yaml"),
      [
        "data: { source: points.csv, labels: group, standardise: true }",
        "model: { name: mlp, hidden: [8] }",
        "loss: classification/cross-entropy",
        "optimizer: { learningRate: 0.05, clipNorm: 5, schedule: cosine }",
        "epochs: 40",
        "threads: 1",
      ].join("\n"),
    );
    const out = join(folder, "run");
    const ran = await run("train", join(folder, "job.yaml"), "--out", out);
    expect(ran.status, ran.err).toBe(0);
    expect(ran.out).not.toContain("k-means");
    expect((await json("evaluate", out, join(folder, "points.csv"))).scores[2]).toMatchObject({
      name: "accuracy",
      value: 1,
    });
    const bare = await temporaryFile("bare.csv", "x,y\n0.1,0.2\n20.3,0.1\n");
    const rows = (await run("predict", out, bare, "--json", "--quiet")).out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map(({ label }) => label)).toEqual(["a", "c"]);
  });

  it("is refused by a resume with another job, and done again by one with the same", async () => {
    const job = await temporaryFile(
      "job.yaml",
      "data: { source: builtin:blobs }\nloss: { name: gemini/mmd-ova, clusters: 3 }\nmodel: { name: mlp, hidden: [4] }\nepochs: 2\n",
    );
    const out = join(job, "../run");
    expect((await run("train", job, "--out", out)).status).toBe(0);
    expect((await run("train", job, "--resume", out, "--set", "epochs=3")).err).toContain("error[RUN_MISMATCH]");
    const again = await run("train", job, "--resume", out);
    expect(again.status, again.err).toBe(0);
    expect(again.err).toContain("resumed at step 2 of 2");
  });

  it("stops when it is asked to, keeps what it has, and goes on to the same bytes", async () => {
    const job = await temporaryFile(
      "job.yaml",
      "data: { source: builtin:blobs }\nloss: { name: gemini/mmd-ova, clusters: 3 }\nmodel: { name: mlp, hidden: [4] }\nbackend: reference\nsampler: { name: shuffle, batchSize: 50 }\nepochs: 20\n",
    );
    const [whole, parts] = [join(job, "../whole"), join(job, "../parts")];
    expect((await run("train", job, "--out", whole)).status).toBe(0);
    // The bar is drawn after the first steps.
    const stopped = await runInterruptibly(["train", job, "--out", parts], (err) => err.includes("epoch"));
    expect(stopped.status).toBe(1);
    expect(stopped.err).toMatch(/stopped at step \d+; go on with: semblance train --resume .*parts/);
    expect(JSON.parse(await readFile(join(parts, "environment.json"), "utf8")).outcome).toBe("interrupted");
    expect((await run("train", "--resume", parts)).status).toBe(0);
    const last = async (folder: string) => {
      const names = (await readdir(join(folder, "checkpoints"))).sort();
      return await readFile(join(folder, "checkpoints", names.at(-1)!));
    };
    expect((await last(parts)).equals(await last(whole))).toBe(true);
    for (const name of ["metrics.jsonl", "model.onnx"]) {
      expect((await readFile(join(parts, name))).equals(await readFile(join(whole, name))), name).toBe(true);
    }
  });

  it("fails with the last finite state kept when it diverges", async () => {
    const job = await temporaryFile(
      "job.yaml",
      "data: { source: builtin:blobs }\nloss: { name: gemini/mmd-ova, clusters: 3 }\nmodel: { name: mlp, hidden: [4] }\noptimizer: { name: sgd, learningRate: 1.0e+38 }\nepochs: 20\n",
    );
    const out = join(job, "../run");
    const ran = await run("train", job, "--out", out, "--quiet");
    expect(ran.status).toBe(1);
    expect(ran.err).toMatch(
      /^error\[(LOSS|PARAMETER)_NOT_FINITE\]: .*\n {2}where: .*\n {2}fix: Lower the learning rate/,
    );
    const environment = join(out, "environment.json");
    const ended = JSON.parse(await readFile(environment, "utf8"));
    expect(ended).toMatchObject({ outcome: "failed", failure: expect.stringContaining("_NOT_FINITE: ") });
  });

  it("does not pass a failed run off as a good one", async () => {
    const { data, out } = await trained();
    const environment = join(out, "environment.json");
    const ended = JSON.parse(await readFile(environment, "utf8"));
    await writeFile(environment, JSON.stringify({ ...ended, outcome: "failed", failure: "LOSS_NOT_FINITE: NaN" }));
    for (const command of [
      ["predict", out, data],
      ["evaluate", out, data],
      ["embed", out, data],
      ["export", out],
      ["report", out],
    ]) {
      const ran = await run(...command, "--quiet");
      expect(ran.status).toBe(0);
      expect(ran.err).toMatch(
        /^warning\[RUN_FAILED\]: this run failed: LOSS_NOT_FINITE: NaN; its weights are those of step \d+\n {2}where: /,
      );
    }
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("this run failed: LOSS_NOT_FINITE");
  });

  it("refuses to use a run that did not complete a step", async () => {
    const file = await temporaryFile("job.yaml", OVERFLOWING);
    const out = join(file, "../run");
    expect((await run("train", file, "--out", out, "--quiet")).status).toBe(1);
    const used = await run("predict", out, "builtin:blobs", "--quiet");
    expect(used.status).toBe(2);
    expect(errorIn(used)).toMatchObject({
      code: "RUN_UNTRAINED",
      fix: "Correct what it failed by, and start another run.",
    });
  });
});

describe("list", () => {
  it("shows kinds, one kind, and one name with its keys", async () => {
    expect((await run("list")).out).toContain("loss (");
    expect((await run("list", "measures")).out).toMatch(/^measure \(\d+\)\n {2}accuracy {2}/);
    expect((await run("list", "mlp")).out).toMatchInlineSnapshot(`
      "mlp (model)
      Fully connected layers on the flattened item.
      formula  hᵢ₊₁ = f(hᵢ·Wᵢ + bᵢ), p(x) = softmax(h·W + b)
      from     @semblance/models 0.1.0
      keys
        hidden: list of integer ≥ 1, [64] by default
          widths of the hidden layers, each 1 or more
        activation: "relu" | "tanh" | "sigmoid" | "softplus" | "none" | list of "relu" | "tanh" | "sigmoid" | "softplus" | "none", "relu" by default
          relu, tanh, sigmoid, softplus or none, for all hidden layers or as a list with one for each
      "
    `);
    const [entry] = [await json("list", "gemini/mmd-ova")];
    expect(entry).toMatchObject({
      kind: "loss",
      plugin: expect.stringContaining("@semblance/losses-gemini"),
      formula: expect.any(String),
      source: expect.any(String),
      configuration: [{ key: "clusters" }, { key: "kernel", fallback: '"linear"' }],
    });
    // A name of two kinds is shown as both.
    expect((await json("list", "linear")).map(({ kind }: { kind: string }) => kind)).toEqual(["kernel", "model"]);
  });
});

describe("doctor", () => {
  it("says what there is", async () => {
    const { backends, healthy, node } = await json("doctor");
    expect(healthy).toBe(true);
    expect(node).toBe(process.versions.node);
    expect(backends.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["ort", "ort/cuda", "ort/webgpu", "reference"]),
    );
    for (const { available, reason, cure } of backends) if (!available) expect(reason && cure).toBeTruthy();
  });
});

describe("compute", () => {
  const matrix = (shape: number[], data: number[]) => ({ shape, data });
  const kernel = (id: string, expected: number[], name = "linear") => ({
    id,
    kind: "kernel",
    name,
    config: {},
    inputs: { data: matrix([2, 1], [1, 2]) },
    expected: { matrix: matrix([2, 2], expected) },
    tolerance: { float64: 1e-12, float32: 1e-5 },
  });
  const file = (...cases: object[]) => temporaryFile("cases.json", JSON.stringify(cases));

  it("passes what fits, on both backends", async () => {
    const cases = await file(kernel("k/1", [1, 2, 2, 4]));
    for (const backend of ["reference", "ort"]) {
      const { status, out } = await run("compute", cases, "--backend", backend);
      expect({ status, out }).toEqual({ status: 0, out: `1 passed, 0 failed on ${backend}\n` });
    }
  });

  it("fails what does not fit, and names that nobody registered", async () => {
    const wrong = await run("compute", await file(kernel("k/1", [1, 2, 2, 4.5])));
    expect(wrong.status).toBe(1);
    expect(wrong.out).toContain("failed  k/1: matrix[3] is 4, expected 4.5");
    const unknown = await run("compute", await file(kernel("k/1", [1], "lineal")));
    expect(unknown.status).toBe(1);
    expect(unknown.out).toContain('unavailable  k/1: there is no kernel "lineal"');
  });

  it("gives the numbers where nothing is expected", async () => {
    const { expected: _, ...bare } = kernel("k/1", []);
    const { status, out } = await run("compute", await file(bare), "--json");
    expect(status).toBe(0);
    expect(JSON.parse(out).results).toEqual([
      {
        id: "k/1",
        kind: "kernel",
        name: "linear",
        status: "computed",
        result: { matrix: { dtype: "float64", shape: [2, 2], data: [1, 2, 2, 4] } },
      },
    ]);
  });
});
