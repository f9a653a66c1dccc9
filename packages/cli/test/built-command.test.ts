import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Key } from "@semblance/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFile, temporaryFolder } from "./support/run.js";

/** The command as users have it: a process of its own, from the built files. */
const bin = fileURLToPath(new URL("../bin/semblance.js", import.meta.url));
const command = (...args: string[]) => spawnSync(process.execPath, [bin, ...args], { encoding: "utf8" });

const JOB = `data: { source: builtin:blobs }
loss: { name: gemini/mmd-ova, clusters: 3 }
model: { name: mlp, hidden: [32] }
sampler: { name: shuffle, batchSize: 30 }
epochs: 150
evaluate: { every: 20 }
checkpoint: { every: 10, everySteps: 7 }
threads: 1
`;

/** What must not depend on interruptions. */
async function results(folder: string): Promise<Record<string, string>> {
  const last = (await readdir(join(folder, "checkpoints")))
    .filter((name) => !name.startsWith("."))
    .sort()
    .at(-1)!;
  const files = ["metrics.jsonl", "model.onnx", "job.json", join("checkpoints", last)];
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, (await readFile(join(folder, file))).toString("base64")])),
  );
}

const ended = (child: ChildProcess) =>
  new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on("exit", (code, signal) => resolve({ code, signal })),
  );

const until = async (condition: () => boolean, child: ChildProcess) => {
  while (!condition() && child.exitCode === null && child.signalCode === null)
    await new Promise((next) => setTimeout(next, 1));
};

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

describe("the built command", () => {
  it("prints results on standard output, diagnostics on standard error, and the right exit status", () => {
    expect(command("--version")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
    expect(command("list", "losses")).toMatchObject({ status: 0, stderr: "" });
    const wrong = command("cluster", "nowhere.csv");
    expect(wrong).toMatchObject({ status: 2, stdout: "" });
    expect(wrong.stderr).toMatch(
      /^error\[FILE_NOT_FOUND\]: .*\n {2}where: nowhere\.csv|^error\[FILE_NOT_FOUND\]: .*\n {2}where: .*\n {2}fix: .*\n$/,
    );
  });

  it("reports devices without a word from their drivers", { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = command("doctor", "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { backends } = JSON.parse(stdout);
    const there = backends.filter(({ available }: { available: boolean }) => available);
    expect(there.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["ort", "reference", "tfjs", "tfjs/cpu", "tfjs/wasm"]),
    );
    for (const { reason } of backends) expect(reason ?? "").not.toContain("process that tried it");
  });

  it("does not complain when its reader has had enough", () => {
    const piped = spawnSync("sh", ["-c", `"${process.execPath}" "${bin}" list --json | head -c 10`], {
      encoding: "utf8",
    });
    expect(piped).toMatchObject({ stdout: '[{"kind":"', stderr: "" });
  });

  it("comes to the same bytes however often and whenever it is killed", { timeout: 300_000 }, async () => {
    const job = await temporaryFile("job.yaml", JOB);
    const [whole, parts] = [join(job, "../whole"), join(job, "../parts")];
    expect(command("train", job, "--out", whole, "--quiet").status).toBe(0);
    const expected = await results(whole);

    const checkpoints = join(parts, "checkpoints");
    const random = Key.fromSeed(20).stream();
    const moments: ((child: ChildProcess) => Promise<void>)[] = [
      // Before there is any checkpoint, or about when the first one is written.
      (child) => until(() => existsSync(join(parts, "job.json")), child),
      // While a checkpoint is being written.
      ...Array.from({ length: 3 }, () => async (child: ChildProcess) => {
        const wait = 100 * random.uniform();
        await until(() => namesIn(checkpoints).some((name) => name.startsWith("step-")), child);
        await new Promise((next) => setTimeout(next, wait));
        await until(() => namesIn(checkpoints).some((name) => name.endsWith(".unfinished")), child);
      }),
      // Anywhere.
      ...Array.from({ length: 3 }, () => async (child: ChildProcess) => {
        const seen = namesIn(checkpoints).length;
        await until(() => namesIn(checkpoints).length > seen || namesIn(checkpoints).length > 1, child);
        await new Promise((next) => setTimeout(next, 300 * random.uniform()));
      }),
    ];
    let kills = 0;
    for (const [index, moment] of moments.entries()) {
      const args = index === 0 ? ["train", job, "--out", parts] : ["train", "--resume", parts];
      const child = spawn(process.execPath, [bin, ...args, "--quiet"], { stdio: "ignore" });
      const exit = ended(child);
      await moment(child);
      child.kill("SIGKILL");
      if ((await exit).signal === "SIGKILL") kills++;
    }
    expect(kills).toBeGreaterThanOrEqual(4);
    const last = command("train", "--resume", parts, "--quiet");
    expect(last.status, last.stderr).toBe(0);
    const got = await results(parts);
    for (const [file, content] of Object.entries(expected)) expect(got[file] === content, file).toBe(true);
    expect(namesIn(checkpoints).filter((name) => name.endsWith(".unfinished"))).toEqual([]);
  });

  it("stops in good order at an interrupt, with status 1, and says how to go on", { timeout: 120_000 }, async () => {
    const job = await temporaryFile("job.yaml", JOB.replace("epochs: 150", "epochs: 100000"));
    const out = join(job, "../run");
    const child = spawn(process.execPath, [bin, "train", job, "--out", out], { stdio: ["ignore", "ignore", "pipe"] });
    let err = "";
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    const exit = ended(child);
    await until(() => namesIn(join(out, "checkpoints")).length > 0, child);
    child.kill("SIGINT");
    expect((await exit).code, err).toBe(1);
    expect(err).toMatch(/stopped at step \d+; go on with: semblance train --resume /);
  });

  it("keeps what was written when the disk fills up, and goes on once there is room", {
    timeout: 120_000,
  }, async (context) => {
    const disk = join(await temporaryFolder(), "disk");
    await mkdir(disk);
    // Room for the first checkpoints and not for two, with the metrics of a long run.
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=96k", "tmpfs", disk]).status === 0;
    if (!mounted) return context.skip("a small disk cannot be mounted here");
    onTestFinished(() => void execFileSync("umount", ["-l", disk]));
    const job = await temporaryFile("job.yaml", JOB.replace("hidden: [32]", "hidden: [700]"));
    const out = join(disk, "run");
    const full = command("train", job, "--out", out, "--quiet");
    expect(full.status, full.stderr).toBe(1);
    expect(full.stderr).toMatch(/^error\[DISK_FULL\]: .*\n {2}where: .*\n {2}fix: Free some space/);
    expect(namesIn(join(out, "checkpoints")).filter((name) => name.endsWith(".unfinished"))).toEqual([]);
    const kept = namesIn(join(out, "checkpoints"));
    expect(kept.length).toBeGreaterThan(0);
    execFileSync("mount", ["-o", "remount,size=16m", disk]);
    const resumed = command("train", "--resume", out, "--quiet");
    expect(resumed.status, resumed.stderr).toBe(0);
    const whole = join(job, "../whole");
    expect(command("train", job, "--out", whole, "--quiet").status).toBe(0);
    const [got, expected] = [await results(out), await results(whole)];
    for (const [file, content] of Object.entries(expected)) expect(got[file] === content, file).toBe(true);
  });

  it("uses a plugin that is installed beside the job", { timeout: 60_000 }, async () => {
    const folder = await temporaryFolder();
    const root = join(folder, "node_modules/my-models");
    await mkdir(root, { recursive: true });
    await writeFile(
      join(root, "package.json"),
      '{"name":"my-models","version":"1.0.0","type":"module","exports":"./index.js"}',
    );
    const core = fileURLToPath(new URL("../../core/dist/index.js", import.meta.url));
    const models = fileURLToPath(new URL("../../models/dist/index.js", import.meta.url));
    await writeFile(
      join(root, "index.js"),
      `import { definePlugin } from ${JSON.stringify(core)};
import { linear } from ${JSON.stringify(models)};
export default definePlugin({ name: "my-models", version: "1.0.0", core: "*", register: (r) => r.add({ ...linear, name: "mine" }) });`,
    );
    const job = join(folder, "job.yaml");
    await writeFile(
      job,
      JOB.replace("{ name: mlp, hidden: [32] }", "mine")
        .replace("epochs: 150", "epochs: 2")
        .concat("plugins: [my-models]\n"),
    );
    const out = join(folder, "run");
    const trained = command("train", job, "--out", out, "--quiet");
    expect(trained.status, trained.stderr).toBe(0);
    // From the run folder too: the plugin is looked for where the job lay.
    expect(command("evaluate", out, "builtin:blobs", "--quiet").status).toBe(0);
    await writeFile(join(root, "index.js"), 'throw new Error("out of order");');
    const broken = command("train", job, "--quiet");
    expect(broken.status).toBe(2);
    expect(broken.stderr).toMatch(/^error\[PLUGIN_IMPORT_FAILED\]: .*my-models.*out of order\n/);
  });
});
