import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorIn, POINTS, QUICK, run, temporaryFile, temporaryFolder } from "./support/run.js";

/** Every bad input gives a code, where and what to do, the right exit status, nothing on standard output, and no stack trace. */
async function refused(args: string[], status: 1 | 2 = 2): Promise<NonNullable<ReturnType<typeof errorIn>>> {
  const ran = await run(...args);
  const error = errorIn(ran);
  expect(ran, ran.err).toMatchObject({ status, out: "" });
  expect(error?.code).toBeTruthy();
  expect(error?.code).not.toBe("INTERNAL");
  expect(error?.where).toBeTruthy();
  expect(error?.fix).toBeTruthy();
  expect(ran.err).not.toMatch(/^\s+at .*[:(]\d+/m);
  return error!;
}

const clusterFile = async (name: string, content: string | Uint8Array, ...options: string[]) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), content);
  const error = await refused(["cluster", join(folder, name), ...QUICK, "--out", join(folder, "run"), ...options]);
  // Refused before anything is written.
  expect(await readdir(folder)).toEqual([name]);
  return error;
};

describe("bad data", () => {
  it.each([
    ["an empty file", "a.csv", "", "FILE_EMPTY"],
    ["a ragged file", "a.csv", "x,y\n1,2\n3\n", "RAGGED_ROW"],
    ["a header without rows", "a.csv", "x,y\n", "HEADER_ONLY"],
    ["a binary file", "a.csv", Uint8Array.from({ length: 999 }, (_, i) => (i * 37) % 256), ""],
    ["another format under this name", "a.npy", "x,y\n1,2\n", ""],
    ["text in a number column", "a.csv", "x,y\n1,2\n3,four\n5,6\n", ""],
    ["NaN", "a.csv", "x,y\n1,2\n3,NaN\n5,6\n", "CELL_NOT_A_NUMBER"],
    ["infinity", "a.csv", "x,y\n1,2\n3,inf\n5,6\n", ""],
    ["an empty cell", "a.csv", "x,y\n1,2\n3,\n5,6\n", "CELL_EMPTY"],
    ["one row", "a.csv", "x,y\n1,2\n", "TOO_FEW_ROWS"],
    ["equal rows", "a.csv", "x,y\n1,2\n1,2\n1,2\n1,2\n", "ALL_CONSTANT"],
    ["more clusters than rows", "a.csv", "x,y\n1,2\n3,4\n", "MORE_CLUSTERS_THAN_ROWS"],
    ["an unknown extension", "a.xlsx", "x,y\n1,2\n", "FORMAT_UNSUPPORTED"],
    ["gzip cut short", "a.csv.gz", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0), ""],
  ])("%s", async (_, name, content, code) => {
    const error = await clusterFile(name, content);
    if (code !== "") expect(error.code).toBe(code);
  });

  it("a missing file, a folder and a device", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "iris.csv"), POINTS);
    const missing = await refused(["cluster", join(folder, "irs.csv"), ...QUICK]);
    expect(missing).toMatchObject({ code: "FILE_NOT_FOUND", fix: expect.stringContaining("iris.csv") });
    expect((await refused(["cluster", folder, ...QUICK])).code).toBe("IS_A_FOLDER");
    expect((await refused(["cluster", "/dev/zero", ...QUICK])).code).toBe("NOT_A_FILE");
  });

  it("a built-in data set without its prefix", async () => {
    expect((await refused(["cluster", "digits", ...QUICK])).fix).toBe("Did you mean builtin:digits?");
  });

  it("labels that are not there, or of another length", async () => {
    const labels = await temporaryFile("labels.txt", "a\nb\nc\n");
    expect((await clusterFile("a.csv", POINTS, "--labels", "grop")).fix).toContain('"group"');
    expect((await clusterFile("a.csv", POINTS.replaceAll(/,[abc]$/gm, ",1"), "--labels", labels)).code).toBe(
      "LABELS_LENGTH",
    );
  });

  it("a column of text that looks like labels says how to name them", async () => {
    expect((await clusterFile("a.csv", POINTS)).fix).toContain("group");
  });

  it("a constant column is a warning, not a fault", async () => {
    const file = await temporaryFile("a.csv", "x,y\n1,5\n2,5\n3,5\n9,5\n");
    const ran = await run(
      "cluster",
      file,
      "--clusters",
      "2",
      "--epochs",
      "1",
      "--backend",
      "reference",
      "--out",
      join(file, "../run"),
    );
    expect(ran.status, ran.err).toBe(0);
    expect(ran.err).toContain("warning: 1 of 2 columns is constant (column y)");
  });
});

describe("bad requests", () => {
  it.each([
    [["clustr"], "USAGE"],
    [["cluster"], "USAGE"],
    [["cluster", "builtin:blobs", "--cluster", "3"], "USAGE"],
    [["cluster", "builtin:blobs", "more", "words"], "USAGE"],
    [["cluster", "builtin:blob", "--clusters", "3"], "BUILTIN_UNKNOWN"],
    [["cluster", "builtin:blobs", "--clusters", "three"], "OPTION_INVALID"],
    [["cluster", "builtin:blobs", "--clusters", "1"], "OPTION_INVALID"],
    [["cluster", "builtin:blobs", "--clusters", "1e3"], "OPTION_INVALID"],
    [["cluster", "builtin:blobs", "--epochs", "0"], "OPTION_INVALID"],
    [["cluster", "builtin:blobs", "--seed", "-1"], "OPTION_INVALID"],
    [["cluster", "builtin:blobs", "--seed", "99999999999999999999"], "OPTION_INVALID"],
    [["cluster", "builtin:blobs", "--loss", "gemini/mmd-ovx"], "NAME_UNKNOWN"],
    [["cluster", "builtin:blobs", "--model", "mpl"], "NAME_UNKNOWN"],
    [["cluster", "builtin:blobs", "--backend", "otr"], "NAME_UNKNOWN"],
    [["cluster", "builtin:blobs", "--backend", "tfjs/gpu"], "NAME_UNKNOWN"],
    [["cluster", "builtin:blobs", "--plugin", "semblance-nobody-wrote-this"], "PLUGIN_NOT_FOUND"],
    [["cluster", "builtin:blobs", "--set", "model.hiden=[3]"], "CONFIG_KEY_UNKNOWN"],
    [["cluster", "builtin:blobs", "--set", "nonsense"], "SET_INVALID"],
    [["cluster", "builtin:blobs", "--set", "evaluate.measures=[arri]"], "NAME_UNKNOWN"],
    [["train"], "USAGE"],
    [["train", "nowhere.yaml"], "JOB_NOT_FOUND"],
    [["train", "/dev"], "JOB_UNREADABLE"],
    [["train", "--resume", "semblance-no-such-run"], "RUN_MISSING"],
    [["evaluate", "semblance-no-such-run", "builtin:blobs"], "RUN_MISSING"],
    [["predict", "semblance-no-such-run", "builtin:blobs"], "RUN_MISSING"],
    [["report", "/dev/null"], "RUN_MISSING"],
    [["list", "optimiser"], "NAME_UNKNOWN"],
    [["compute", "nowhere.json"], "FILE_NOT_FOUND"],
    [["compute", "/dev"], "FILE_UNREADABLE"],
  ])("%j", async (args, code) => {
    expect((await refused(args)).code).toBe(code);
  });

  it("clusters are not guessed", async () => {
    const file = await temporaryFile("a.csv", "x,y\n1,2\n3,4\n5,9\n");
    expect(await refused(["cluster", file])).toMatchObject({
      code: "CLUSTERS_MISSING",
      fix: expect.stringContaining("--clusters"),
    });
  });

  it("measures that need labels are refused before the run, where there are none", async () => {
    const file = await temporaryFile("a.csv", "x,y\n1,2\n3,4\n5,9\n");
    const error = await refused(["cluster", file, "--clusters", "2", "--set", "evaluate.measures=[ari]"]);
    expect(error.code).toBe("LABELS_MISSING");
  });

  it("a job file that is not one: its data, binary, huge, a loop, two keys, tabs", async () => {
    const told = async (name: string, content: string | Uint8Array) =>
      (await refused(["train", await temporaryFile(name, content)])).code;
    expect(await told("a.csv", POINTS)).toBe("JOB_NOT_A_MAPPING");
    expect(await told("a.yaml", Uint8Array.of(0xff, 0xfe, 0, 1))).toBe("JOB_NOT_TEXT");
    expect(await told("a.yaml", new Uint8Array(2 ** 20))).toBe("JOB_TOO_LARGE");
    expect(await told("a.yaml", "data: &d { source: *d }")).toBe("YAML_LOOP");
    expect(await told("a.yaml", "seed: 1\nseed: 2")).toBe("YAML_KEY_TWICE");
    expect(await told("a.yaml", "data:\n\tsource: a")).toBe("YAML_TAB");
  });

  it("says the line of a job file", async () => {
    const job = await temporaryFile("a.yaml", "data: { source: builtin:blobs }\nloss: gemini/mmd-ova\nepoch: 3\n");
    expect(await refused(["train", job])).toMatchInlineSnapshot(`
      {
        "code": "CONFIG_KEY_UNKNOWN",
        "fix": "Did you mean "epochs"?",
        "message": "unknown key "epoch"",
        "where": "…/a.yaml:3, key "epoch"",
      }
    `);
    expect(await refused(["train", job, "--set", "epoch=4"])).toMatchObject({ where: "--set epoch=4" });
  });

  it("cases that are none", async () => {
    expect((await refused(["compute", await temporaryFile("a.json", "{")])).code).toBe("CASES_INVALID");
    expect((await refused(["compute", await temporaryFile("a.json", '[{"id":"x"}]')])).code).toBe("CASES_INVALID");
  });

  it("with --json the error is the one document on standard output, wherever the option stands", async () => {
    for (const args of [
      ["--json", "cluster", "builtin:blob"],
      ["cluster", "builtin:blob", "--json"],
      ["cluster", "--seed", "x", "a.csv", "--json"],
    ]) {
      const { status, out, err } = await run(...args);
      expect(status).toBe(2);
      expect(err).toBe("");
      expect(JSON.parse(out).error).toMatchObject({
        code: expect.any(String),
        message: expect.any(String),
        where: expect.any(String),
        fix: expect.any(String),
      });
    }
  });

  it("--debug shows the stack, and nothing else does", async () => {
    expect((await run("cluster", "builtin:blob", "--debug")).err).toMatch(/^\s+at .*[:(]\d+/m);
  });
});

describe("bad folders", () => {
  const cluster = (out: string) => ["cluster", "builtin:blobs", ...QUICK, "--out", out];

  it("a folder that cannot be made", async () => {
    const file = await temporaryFile("a-file", "");
    expect((await refused(cluster(join(file, "run")))).code).toBe("NOT_WRITABLE");
    expect((await refused(cluster(file))).code).toBe("NOT_WRITABLE");
    expect((await refused(cluster("/proc/semblance-run"))).code).toBeTruthy();
  });

  it("a folder that holds a run already keeps it", async () => {
    const folder = await temporaryFolder();
    const out = join(folder, "run");
    expect((await run(...cluster(out))).status).toBe(0);
    const before = await readFile(join(out, "metrics.jsonl"));
    expect((await refused(cluster(out))).code).toBe("RUN_EXISTS");
    expect(await readFile(join(out, "metrics.jsonl"))).toEqual(before);
  });

  it("predictions into a folder that is not there, or under a name that says no format", async () => {
    const out = join(await temporaryFolder(), "run");
    await run(...cluster(out));
    const predict = (file: string) => refused(["predict", out, "builtin:blobs", "--out", file, "--quiet"]);
    expect((await predict(join(out, "no/such/p.csv"))).code).toBe("FOLDER_NOT_FOUND");
    expect((await predict(join(out, "p.parquet"))).code).toBe("FORMAT_UNSUPPORTED");
    await mkdir(join(out, "p.csv"));
    expect((await predict(join(out, "p.csv"))).code).toBe("IS_A_FOLDER");
  });
});

describe("bad checkpoints", () => {
  const checkpointOf = async (folder: string) => {
    const checkpoints = join(folder, "checkpoints");
    return join(checkpoints, (await readdir(checkpoints)).sort().at(-1)!);
  };
  const trained = async () => {
    const out = join(await temporaryFolder(), "run");
    expect((await run("cluster", "builtin:blobs", ...QUICK, "--out", out)).status).toBe(0);
    return out;
  };

  it("cut short, changed, or of something else", async () => {
    const out = await trained();
    const path = await checkpointOf(out);
    const whole = await readFile(path);
    const predict = () => refused(["predict", out, "builtin:blobs", "--quiet"]);
    const resume = () => refused(["train", "--resume", out, "--quiet"]);
    for (const length of [0, 7, 100, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, length));
      expect((await predict()).code).toBe("CHECKPOINT_DAMAGED");
      expect((await resume()).code).toBe("CHECKPOINT_DAMAGED");
    }
    const changed = Buffer.from(whole);
    changed[changed.length - 3]! ^= 1;
    await writeFile(path, changed);
    expect((await predict()).code).toBe("CHECKPOINT_DAMAGED");
    await writeFile(path, foreignSafetensors());
    expect((await predict()).code).toBe("CHECKPOINT_FOREIGN");
    await writeFile(path, POINTS);
    expect((await predict()).code).toBe("CHECKPOINT_DAMAGED");
    // Nothing was lost: the file as it was serves again.
    await writeFile(path, whole);
    expect((await run("predict", out, "builtin:blobs", "--quiet")).status).toBe(0);
  });

  it("of another run", async () => {
    const [first, second] = [await trained(), join(await temporaryFolder(), "run")];
    await run("cluster", "builtin:blobs", ...QUICK, "--seed", "1", "--out", second);
    await writeFile(await checkpointOf(first), await readFile(await checkpointOf(second)));
    expect((await refused(["train", "--resume", first, "--quiet"])).code).toBe("RUN_MISMATCH");
  });

  it("data of another width", async () => {
    const out = await trained();
    const file = await temporaryFile("a.csv", "x,y,z\n1,2,3\n4,5,6\n");
    expect((await refused(["predict", out, file, "--set", "x=1"])).code).toBe("USAGE");
    const wide = await temporaryFile("b.npy", npy([2, 3]));
    expect((await refused(["predict", out, wide, "--quiet"])).code).toMatch(/WIDTH_DIFFERS|COLUMN_UNKNOWN/);
  });
});

/** A safetensors file that no checkpoint is. */
function foreignSafetensors(): Uint8Array {
  const header = Buffer.from('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ');
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, Buffer.alloc(4)]);
}

/** Zeros as an .npy file. */
function npy(shape: readonly number[]): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const header = Buffer.from(`${text.padEnd(117)}\n`);
  return Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]),
    header,
    Buffer.alloc(4 * shape.reduce((a, b) => a * b, 1)),
  ]);
}

describe("what was meant", () => {
  const job = async (text: string, ...options: string[]) => {
    const file = await temporaryFile("job.yaml", text);
    await writeFile(join(file, "..", "points.csv"), POINTS);
    return await refused(["train", file, "--out", join(file, "..", "run"), "--quiet", ...options]);
  };

  it("a file that a job names is looked for in the job's folder", async () => {
    const { code, where, fix } = await job(
      "data: { source: nothing.csv }\nloss: { name: gemini/mmd-ova, clusters: 3 }\n",
    );
    expect({ code, where }).toMatchObject({
      code: "FILE_NOT_FOUND",
      where: expect.stringMatching(/job\.yaml:1, key "data\.source"/),
    });
    expect(fix).toContain("taken from the job's folder");
  });

  it("a misspelt key is told before the one that it should have been", async () => {
    expect(await job("data: { source: points.csv }\nlos: { name: gemini/mmd-ova, clusters: 3 }\n")).toMatchObject({
      code: "CONFIG_KEY_UNKNOWN",
      message: 'unknown key "los"',
      fix: 'Did you mean "loss"?',
    });
  });

  it("an ONNX file is named with its key, and its width in columns", async () => {
    const text = "data: { source: points.csv, labels: group }\nloss: { name: gemini/mmd-ova, clusters: 3 }\n";
    const file = await job(`${text}model: { name: onnx, file: nothing.onnx }\n`);
    expect(file).toMatchObject({ code: "FILE_NOT_FOUND", where: expect.stringContaining('key "model.file"') });
    const malformed = await job(`${text}model: { name: onnx, file: points.csv }\n`);
    expect(malformed.message).toContain("this is no ONNX file");
    expect(malformed.where).toContain('points.csv (key "model.file")');
    const folder = await temporaryFolder();
    await writeFile(join(folder, "points.csv"), POINTS);
    await run("cluster", join(folder, "points.csv"), ...QUICK, "--labels", "group", "--out", join(folder, "run"));
    const narrow = await job(
      `${text.replace("labels: group", "labels: group, columns: [x]")}model: { name: onnx, file: ${join(folder, "run", "model.onnx")} }\n`,
    );
    expect(narrow).toMatchObject({
      code: "ONNX_SHAPE_MISMATCH",
      message: "the file takes rows of 2 numbers, and the data have 1 columns",
    });
  });

  it("an option is blamed for what it set, and options are what it asks for", async () => {
    const text = "data: { source: points.csv, labels: group }\nloss: { name: gemini/mmd-ova }\n";
    expect((await job(text, "--set", "loss.name=gemini/mmd-ovo2")).where).toBe("--set loss.name=gemini/mmd-ovo2");
    expect(await job(text, "--set", "loss.name=theirs/loss")).toMatchObject({
      code: "NAME_UNKNOWN",
      fix: expect.stringContaining("plugins: [PACKAGE] in a job, --plugin PACKAGE"),
    });
    expect((await refused(["cluster", "builtin:blobs", "--model", "onnx"])).fix).toContain("--set model.file=…");
  });

  it("a folder inside a package is not checked, but the package is named", async () => {
    const file = await temporaryFile("package.json", '{ "name": "mine" }');
    await mkdir(join(file, "..", "src"));
    expect(await refused(["check", join(file, "..", "src")])).toMatchObject({
      code: "PLUGIN_NOT_FOUND",
      fix: expect.stringContaining("It belongs to mine: semblance check "),
    });
    expect(await refused(["list", "--plugin", join(file, "..")])).toMatchObject({ code: "OPTION_INVALID" });
  });
});
