import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./support/run.js";

/** The command as users have it, without a terminal; several may run at a time. */
const bin = fileURLToPath(new URL("../bin/semblance.js", import.meta.url));
const command = (folder: string, ...args: string[]) =>
  new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.setEncoding("utf8").on("data", (text: string) => stdout.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => stderr.push(text));
    child.on("close", (status) => resolve({ status, stdout: stdout.join(""), stderr: stderr.join("") }));
  });

const linked = {
  "@semblance/core": fileURLToPath(new URL("../../core", import.meta.url)),
  zod: fileURLToPath(new URL("../node_modules/zod", import.meta.url)),
};

const MANIFEST = {
  version: "1.0.0",
  type: "module",
  exports: "./index.js",
  peerDependencies: { "@semblance/core": "*" },
};

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "semblance-check-"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

/** A folder with one installed plugin, core and zod. */
async function installed(index: string, manifest: object = MANIFEST): Promise<string> {
  const folder = await mkdtemp(join(base, "project-"));
  const root = join(folder, "node_modules/their-plugin");
  await mkdir(join(folder, "node_modules/@semblance"), { recursive: true });
  await mkdir(root, { recursive: true });
  for (const [name, target] of Object.entries(linked)) await symlink(target, join(folder, "node_modules", name));
  await writeFile(join(root, "package.json"), JSON.stringify({ name: "their-plugin", ...manifest }));
  await writeFile(join(root, "index.js"), index);
  return folder;
}

/** A plugin with one kernel, whose matrix is what `matrix` says. */
const withKernel = (matrix: string, more = "") => `
import { defineKernel, definePlugin, mul, pairwiseInnerProducts } from "@semblance/core";
import { z } from "zod";
${more}
const kernel = defineKernel({
  name: "theirs", summary: "A kernel for tests.", config: z.strictObject({}), matrix: (x, y) => ${matrix},
});
export default definePlugin({ name: "their-plugin", version: "1.0.0", core: "*", register: (registry) => registry.add(kernel) });
`;

/** A plugin with one loss over posteriors, whose value is what `build` says. */
const withLoss = (build: string, more = "") => `
import * as core from "@semblance/core";
import { z } from "zod";
${more}
const loss = core.defineLoss({
  name: "theirs", summary: "A loss for tests.", config: z.strictObject({}), shards: "none",
  inputs: { posteriors: { axes: ["n", "k"], type: "float", description: "rows", domain: "simplex", differentiable: true } },
  build({ posteriors: p }) {
    if (p.size === 0) throw new core.ShapeError("EMPTY", "there are no rows", { where: "theirs", fix: "Pass some." });
    return ${build};
  },
});
export default core.definePlugin({ name: "their-plugin", version: "1.0.0", core: "*", register: (registry) => registry.add(loss) });
`;

/** The sum of squares, by a host operator that `run` and `vjp` complete. */
const host = (run: string, vjp = "[core.mul(core.mul(dy, x), 2)]") => `
const squares = core.defineHostOperator({
  name: "theirs/squares", infer: ([x]) => [{ dtype: x.dtype, shape: [] }],
  run: ([x]) => ${run},
  vjp: ({ inputs: [x], cotangents: [dy] }) => ${vjp},
});`;
const SQUARES = "[core.ndarray(x.dtype, [], [x.data.reduce((sum, value) => sum + value * value, 0)])]";

const register = (body: string) =>
  `export default { name: "their-plugin", version: "1.0.0", core: "*", register(registry) { ${body} } };`;

interface Document {
  readonly passed: number;
  readonly failed: number;
  readonly checks: readonly {
    readonly group: string;
    readonly title: string;
    readonly status: string;
    readonly failure?: { readonly code: string; readonly message: string };
  }[];
}

async function checked(folder: string, ...args: string[]): Promise<Document & { readonly status: number | null }> {
  const { status, stdout, stderr } = await command(
    folder,
    "check",
    "their-plugin",
    "--backend",
    "reference",
    "--json",
    ...args,
  );
  expect(stderr).toBe("");
  return { ...JSON.parse(stdout), status };
}

const failuresOf = ({ checks }: Document) =>
  checks.flatMap(({ group, title, failure }) =>
    failure ? [`${group}: ${title}: ${failure.code}: ${failure.message}`] : [],
  );

describe.concurrent("semblance check", { timeout: 120_000 }, () => {
  it("says of a good plugin what was checked, and nothing that the plugin prints", async () => {
    const folder = await installed(withKernel("mul(pairwiseInnerProducts(x, y), 2)", 'console.log("noise");'));
    const { status, stdout, stderr } = await command(folder, "check", "their-plugin", "--backend", "reference");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^their-plugin 1\.0\.0, on reference\n\npackage\n {2}✓ asks for core as a peer\n/);
    expect(stdout).toContain("\nkernel theirs\n  ✓ ");
    expect(stdout).toMatch(/\n\n\d+ passed, 0 failed, \d+ skipped\n$/);
    expect(stdout).not.toContain("noise");
    // From inside the package, too, and for one group alone.
    const inside = join(folder, "node_modules/their-plugin");
    const only = await command(
      inside,
      "check",
      ".",
      "--only",
      "plugin their-plugin",
      "--backend",
      "reference",
      "--json",
    );
    const groups = (JSON.parse(only.stdout) as Document).checks.map(({ group }) => group);
    expect([...new Set(groups)]).toEqual(["package", "plugin their-plugin"]);
    const wrong = await command(folder, "check", "their-plugin", "--only", "kernel thiers");
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('fix: Did you mean "kernel theirs"');
  });

  it.each([
    [
      "throws on import",
      'throw new Error("out of order");',
      "is imported, and exports a plugin: PLUGIN_IMPORT_FAILED",
      "out of order",
    ],
    ["exits on import", "process.exit(0);", "is imported, and exports a plugin: PLUGIN_EXITS", ""],
    [
      "exits behind the import's back",
      "process.reallyExit(0);",
      "is imported, and exports a plugin: CHECK_CRASHED",
      "exit status 0",
    ],
    [
      "throws in a timer",
      'setImmediate(() => { throw new TypeError("late"); }); await new Promise((r) => setTimeout(r, 500));',
      "is imported, and exports a plugin: CHECK_CRASHED",
      "TypeError: late",
    ],
    ["never ends its import", "for (;;);", "is imported, and exports a plugin: CHECK_STUCK", "10 seconds"],
    ["waits for ever", "await new Promise(() => {});", "is imported, and exports a plugin: CHECK_STUCK", "10 seconds"],
    ["is no plugin", "export default () => {};", "is imported, and exports a plugin: PLUGIN_INVALID", ""],
    [
      "throws in register",
      register('throw new Error("no")'),
      "registers beside the first-party plugins: PLUGIN_FAILED",
      "no",
    ],
    [
      "exits in register",
      register("process.exit(3)"),
      "registers beside the first-party plugins: CHECK_CRASHED",
      "exit status 3",
    ],
    [
      "uses up the memory",
      register("const a = []; for (;;) a.push(new Array(1e6).fill(0.5));"),
      "registers beside the first-party plugins: CHECK_OUT_OF_MEMORY",
      "",
    ],
    [
      "takes a name that is taken",
      withKernel("pairwiseInnerProducts(x, y)").replace('name: "theirs"', 'name: "linear"'),
      "registers beside the first-party plugins: NAME_TAKEN",
      "@semblance/losses-gemini",
    ],
    [
      "asks for another core",
      register("").replace('core: "*"', 'core: "^9.0.0"'),
      "registers beside the first-party plugins: CORE_VERSION_MISMATCH",
      "^9.0.0",
    ],
  ])("reports a plugin that %s", async (_, index, wanted, words) => {
    // Short where it runs out, and out of the way of a busy machine where it must not.
    const seconds = wanted.endsWith("CHECK_STUCK") ? "10" : "90";
    const report = await checked(await installed(index), "--time-limit", seconds);
    expect(report.status).toBe(1);
    const failures = failuresOf(report);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain(`package: ${wanted}`);
    expect(failures[0]).toContain(words);
  });

  it("passes a loss with a host operator that is right", async () => {
    const report = await checked(await installed(withLoss("core.callHost(squares, [p], null)[0]", host(SQUARES))));
    expect(failuresOf(report)).toEqual([]);
  });

  it.each([
    ["is not finite", withLoss("core.sum(core.log(core.sub(p, 2)))"), /: CHECK_NOT_FINITE: /],
    ["is no scalar", withLoss("core.sum(p, { axes: [1] })"), /: CHECK_SHAPE_WRONG: /],
    [
      "has a host operator whose shapes are wrong",
      withLoss("core.callHost(squares, [p], null)[0]", host("[x]")),
      /: HOST_OPERATOR_MISMATCH: .*"theirs\/squares"/,
    ],
    [
      "has a host operator with a wrong derivative",
      withLoss("core.callHost(squares, [p], null)[0]", host(SQUARES, "[core.mul(core.mul(dy, x), -2)]")),
      /^loss theirs: gradients agree with differences.*: CHECK_GRADIENT_WRONG: /,
    ],
    [
      "has a host operator that never ends",
      withLoss("core.callHost(squares, [p], null)[0]", host("{ for (;;); }")),
      /: CHECK_STUCK: it did not end within 5 seconds/,
    ],
  ])("reports a loss that %s", async (_, index, wanted) => {
    const group = wanted.source.includes("STUCK") ? ["--time-limit", "5", "--only", "loss theirs"] : [];
    const report = await checked(await installed(index), ...group);
    expect(report.status).toBe(1);
    const failures = failuresOf(report);
    expect(failures.filter((failure) => wanted.test(failure))).not.toEqual([]);
    expect(failures.every((failure) => failure.startsWith("loss theirs: "))).toBe(true);
    // Patience has an end too: what comes after some that did not end is not tried.
    if (group.length > 0)
      expect(report.checks.at(-1)).toMatchObject({ reason: "not run: 3 checks had not ended in time" });
  });

  it("fails the check that ends its process, and goes on with the rest in another", async () => {
    const index = withKernel("pairwiseInnerProducts(x, y)").replace(
      "export default",
      `Object.defineProperty(kernel, "summary", { get: () => process.reallyExit(5) });\nexport default`,
    );
    const report = await checked(await installed(index));
    expect(report.status).toBe(1);
    const [first] = failuresOf(report);
    expect(first).toBe(
      "kernel theirs: has a summary of one sentence: CHECK_CRASHED: it ended the process with exit status 5",
    );
    const crashed = report.checks.findIndex(({ status }) => status === "failed");
    expect(report.checks.slice(crashed + 1).some(({ status }) => status === "passed")).toBe(true);
  });

  it("sees a package that brings core as a dependency, or another version of it", async () => {
    const { peerDependencies: dependencies, ...rest } = MANIFEST;
    const own = await checked(await installed(withKernel("pairwiseInnerProducts(x, y)"), { ...rest, dependencies }));
    expect(failuresOf(own)).toEqual([
      'package: asks for core as a peer: CORE_NOT_PEER: the package "their-plugin" has @semblance/core under dependencies',
    ]);
    const folder = await installed(withKernel("pairwiseInnerProducts(x, y)"));
    const other = join(folder, "node_modules/their-plugin/node_modules/@semblance/core");
    await mkdir(other, { recursive: true });
    await writeFile(join(other, "package.json"), JSON.stringify({ name: "@semblance/core", version: "0.0.1" }));
    expect(failuresOf(await checked(folder))).toEqual([
      expect.stringContaining('CORE_VERSIONS_MIXED: the package "their-plugin" comes with @semblance/core 0.0.1'),
    ]);
  });
});

describe("semblance check, asked wrongly", () => {
  it.each([
    [["check", "nobody-wrote-this"], "PLUGIN_NOT_FOUND"],
    [["check", "./nowhere"], "PLUGIN_NOT_FOUND"],
    [["check", "Not A Name"], "PLUGIN_NAME_INVALID"],
    [["check"], "USAGE"],
    [["check", ".", "--backend", "ortt"], "NAME_UNKNOWN"],
    [["check", ".", "--backend", "ort", "--backend", "ort"], "OPTION_INVALID"],
    [["check", ".", "--time-limit", "0"], "OPTION_INVALID"],
  ])("%j is refused", async (args, code) => {
    const { status, err } = await run(...args);
    expect(status).toBe(2);
    expect(err).toContain(`error[${code}]`);
    expect(err).not.toContain("    at ");
  });
});
