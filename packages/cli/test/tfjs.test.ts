import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorIn, POINTS, QUICK, run, temporaryFile, temporaryFolder } from "./support/run.js";

const json = async (...args: string[]) => {
  const { status, out, err } = await run(...args, "--json", "--quiet");
  expect(status, err).toBe(0);
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
};

/** A run on the three groups of points. */
async function trained(backend: string) {
  const folder = await temporaryFolder();
  const data = join(folder, "points.csv");
  const out = join(folder, "run");
  await writeFile(data, POINTS);
  const options = ["--labels", "group", "--epochs", "300", "--set", "model.hidden=[16]", "--backend", backend];
  const [result] = await json("cluster", data, "--out", out, ...options);
  return { folder, data, out, result };
}

describe("every command on TensorFlow.js", () => {
  it("trains, and what follows gives on one backend what it gives on another", { timeout: 60_000 }, async () => {
    const { folder, data, out, result } = await trained("tfjs");
    expect(result).toMatchObject({ reason: "completed", scores: [{ name: "ari", value: 1 }, {}, {}, {}] });
    expect(JSON.parse(await readFile(join(out, "job.json"), "utf8")).backend).toEqual({ name: "tfjs" });
    const { backend } = JSON.parse(await readFile(join(out, "environment.json"), "utf8"));
    expect(backend).toEqual({ name: "tfjs/wasm", device: expect.stringMatching(/^TensorFlow\.js 4/) });

    for (const name of [undefined, "tfjs/wasm", "tfjs/cpu", "ort"]) {
      const choice = name === undefined ? [] : ["--backend", name];
      const [{ scores }] = await json("evaluate", out, data, ...choice);
      expect(scores[0]).toMatchObject({ name: "ari", value: 1 });
    }
    const labels = async (name: string) =>
      (await json("predict", out, data, "--backend", name)).map(({ cluster }) => cluster);
    expect(await labels("tfjs/cpu")).toEqual(await labels("ort"));
    expect(await labels("tfjs/wasm")).toEqual(await labels("ort"));

    const embeddings = join(folder, "e.npy");
    expect((await run("embed", out, data, "--out", embeddings, "--backend", "tfjs")).status).toBe(0);
    const model = await readFile(join(out, "model.onnx"));
    const again = join(folder, "again.onnx");
    const exported = await run("export", out, "--out", again, "--backend", "tfjs/wasm");
    expect(exported.status, exported.err).toBe(0);
    expect((await readFile(again)).equals(model)).toBe(true);
    expect((await run("report", out)).status).toBe(0);
  });

  it("runs a job that names it with its keys, and goes on to the same bytes", { timeout: 60_000 }, async () => {
    const lines = [
      "data: { source: builtin:blobs }",
      "loss: { name: gemini/mmd-ova, clusters: 3 }",
      "model: { name: mlp, hidden: [4] }",
      "sampler: { name: shuffle, batchSize: 50 }",
      "backend: { name: tfjs/wasm, memoryLimit: 10000000 }",
      "epochs: 3",
    ];
    const job = await temporaryFile("job.yaml", lines.join("\n"));
    const [first, second] = [join(job, "../first"), join(job, "../second")];
    for (const out of [first, second]) expect((await run("train", job, "--out", out)).status).toBe(0);
    for (const name of ["metrics.jsonl", "model.onnx"]) {
      expect((await readFile(join(first, name))).equals(await readFile(join(second, name))), name).toBe(true);
    }
    const again = await run("train", "--resume", first);
    expect(again.status, again.err).toBe(0);
  });

  it("computes cases", async () => {
    const matrix = (shape: number[], data: number[]) => ({ shape, data });
    const linear = {
      id: "k/1",
      kind: "kernel",
      name: "linear",
      config: {},
      inputs: { data: matrix([2, 1], [1, 2]) },
      expected: { matrix: matrix([2, 2], [1, 2, 2, 4]) },
      tolerance: { float64: 1e-12, float32: 1e-5 },
    };
    const cases = await temporaryFile("cases.json", JSON.stringify([linear]));
    for (const backend of ["tfjs/wasm", "tfjs/cpu"]) {
      const { status, out } = await run("compute", cases, "--backend", backend);
      expect({ status, out }).toEqual({ status: 0, out: `1 passed, 0 failed on ${backend}\n` });
    }
  });

  it("is listed with its keys", async () => {
    expect((await run("list", "backends")).out).toMatch(/tfjs\/wasm {2}/);
    const [entry] = await json("list", "tfjs/webgpu");
    expect(entry).toMatchObject({ kind: "backend", configuration: [{ key: "memoryLimit" }] });
    expect(entry.plugin).toContain("@semblance/backend-tfjs");
  });
});

describe("what cannot be had", () => {
  const cluster = async (...options: string[]) => {
    const data = await temporaryFile("points.csv", POINTS);
    const ran = await run("cluster", data, "--labels", "group", ...QUICK, "--out", join(data, "../run"), ...options);
    expect(ran.out).toBe("");
    expect(ran.err).not.toMatch(/^\s+at .*[:(]\d+/m);
    return { status: ran.status, ...errorIn(ran) };
  };

  it("is one error with what to do, and no other device takes its place", async () => {
    expect(await cluster("--backend", "tfjs/node-gpu")).toMatchInlineSnapshot(`
      {
        "code": "TFJS_MISSING",
        "fix": "Install it: npm install @tensorflow/tfjs-node-gpu",
        "message": "the package @tensorflow/tfjs-node-gpu is not installed",
        "status": 2,
        "where": "backend "tfjs/node-gpu"",
      }
    `);
    expect(await cluster("--backend", "tfjs/webgl")).toMatchInlineSnapshot(`
      {
        "code": "TFJS_DEVICE_UNAVAILABLE",
        "fix": "In a browser, hand the namespace to tfjsBackend; here use tfjs/webgpu or tfjs/wasm.",
        "message": "WebGL exists in browsers only, and this is Node",
        "status": 2,
        "where": "backend "tfjs/webgl"",
      }
    `);
    expect(await cluster("--backend", "tfjs/webgpu")).toMatchObject({
      code: expect.stringMatching(/^TFJS_(MISSING|DEVICE_UNAVAILABLE)$/),
    });
  });

  it("by its memory limit fails the run", async () => {
    const refused = await cluster("--backend", "tfjs/wasm", "--set", "backend.memoryLimit=1000");
    expect(refused).toMatchObject({ status: 1, code: "MEMORY_LIMIT", fix: expect.stringContaining("memoryLimit") });
  });

  it("by a key that it does not have is a wrong request", async () => {
    expect(await cluster("--backend", "tfjs", "--set", "backend.memoryLimits=3")).toMatchInlineSnapshot(`
      {
        "code": "CONFIG_KEY_UNKNOWN",
        "fix": "Did you mean "memoryLimit"?",
        "message": "unknown key "memoryLimits"",
        "status": 2,
        "where": "--set backend.memoryLimits=3",
      }
    `);
  });
});

describe("doctor", () => {
  it("says version, hardware, reason and cure of every device", async () => {
    const [{ backends }] = await json("doctor");
    const of = (name: string) => backends.find((report: { name: string }) => report.name === name);
    for (const name of ["tfjs", "tfjs/wasm", "tfjs/cpu"]) {
      expect(of(name)).toMatchObject({
        available: true,
        version: "4.22.0",
        hardware: expect.stringMatching(/1 thread/),
      });
    }
    expect(of("tfjs/node-gpu")).toMatchObject({
      available: false,
      reason: "the package @tensorflow/tfjs-node-gpu is not installed",
      cure: "Install it: npm install @tensorflow/tfjs-node-gpu",
    });
    const { out } = await run("doctor", "--no-color");
    expect(out).toMatch(/available {2}tfjs\/wasm +TensorFlow\.js 4\.22\.0 on WebAssembly\n {13}on: .+, SIMD\n/);
    expect(out).toMatch(/missing {4}tfjs\/webgl .*\n {13}why: .*\n {13}fix: .*\n/);
  });
});
