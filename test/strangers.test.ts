import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { binOf, installWithNpm, installWithPnpm, type Outcome, whyNoRegistry } from "./support/consumer.js";
import { root } from "./support/packages.js";
import { discard, findPnpm, packAll, type Tarball } from "./support/tarballs.js";

/**
 * Strangers' plugins, from `npm create` to a job: made of the template outside the workspace, built, packed, installed from tarballs
 * beside the command, and checked. Where packages cannot be had the tests are skipped, as their names then say.
 */
const pnpm = findPnpm();
const missing = pnpm ? whyNoRegistry() : "pnpm is not here, and the registry that has it cannot be reached";

/** What each author makes of the template: texts of a file, and what stands in their place. */
const authors: Readonly<Record<string, { readonly file: string; readonly from: string; readonly to: string } | null>> =
  {
    "good-losses": null,
    "flipped-losses": {
      file: "src/log-determinant.ts",
      from: "[dy ? mul(dy, inverse(a!)) : null]",
      to: "[dy ? neg(mul(dy, inverse(a!))) : null]",
    },
    "mutating-losses": {
      file: "src/cholesky.ts",
      from: "const l = Float64Array.from(matrix);",
      to: "const l = matrix as Float64Array;",
    },
  };

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly checks: readonly {
    readonly group: string;
    readonly title: string;
    readonly status: string;
    readonly failure?: { readonly code: string; readonly message: string };
  }[];
}

describe.skipIf(missing !== undefined)(`strangers' plugins${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let tarballs: readonly Tarball[] = [];
  let folder = "";
  let user = "";
  afterAll(() => discard(folder), 60_000);

  const at = (name: string) => join(folder, "authors", name);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const semblance = (...args: string[]) => run(binOf(user, "semblance"), args, user);
  const check = (name: string): Report & { readonly status: number | null } => {
    const { status, stdout, stderr } = semblance("check", name, "--json");
    expect(stderr).toBe("");
    return { ...JSON.parse(stdout), status };
  };
  const failuresOf = ({ checks }: Report) => checks.filter(({ status }) => status === "failed");

  beforeAll(() => {
    ({ folder, tarballs } = packAll(pnpm!));
    // The initialiser, as npm would run it.
    const maker = join(folder, "authors");
    succeeds(installWithPnpm(pnpm!, maker, tarballs, ["@semblance/create"]));
    for (const [name, change] of Object.entries(authors)) {
      succeeds(run(binOf(maker, "create"), [name, "--author", "A Stranger", "--yes"], maker));
      if (!change) continue;
      const file = join(at(name), change.file);
      const text = readFileSync(file, "utf8");
      expect(text.split(change.from)).toHaveLength(2);
      writeFileSync(file, text.replace(change.from, change.to));
    }
    installDevelopment(at("good-losses"), tarballs);
    for (const name of Object.keys(authors)) {
      if (!existsSync(join(at(name), "node_modules")))
        symlinkSync(join(at("good-losses"), "node_modules"), join(at(name), "node_modules"), "junction");
      succeeds(run(process.execPath, [tsc], at(name)));
      succeeds(
        run(process.execPath, [pnpm!, "pack", "--config.ignore-scripts=true", "--pack-destination", folder], at(name)),
      );
    }
    const plugins = Object.keys(authors).map((name) => ({ name, file: join(folder, `${name}-0.1.0.tgz`) }) as Tarball);
    user = join(folder, "user");
    const names = ["@semblance/cli", ...Object.keys(authors)];
    succeeds(installWithNpm(user, [...tarballs, ...plugins], names));
  }, 240_000);

  it("the template keeps to the rules of this repository, and passes its own tests", () => {
    const own = at("good-losses");
    succeeds(run(process.execPath, [tsc, "--noEmit", "-p", "tsconfig.tests.json"], own));
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const config = join(folder, "biome.json");
    const { vcs: _, ...rules } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
    writeFileSync(config, JSON.stringify({ ...rules, root: true }));
    succeeds(run(process.execPath, [biome, "lint", "--config-path", config, "src", "test"], own));
    const tested = run(process.execPath, [join(own, "node_modules/vitest/vitest.mjs"), "run"], own);
    succeeds(tested);
    expect(tested.stdout).toMatch(/Tests\s+\d+ passed/);
  });

  it("one core is installed for all", () => {
    for (const name of Object.keys(authors))
      expect(existsSync(join(user, "node_modules", name, "node_modules"))).toBe(false);
  });

  it("a good one passes, on every backend", () => {
    const report = check("good-losses");
    expect(failuresOf(report)).toEqual([]);
    expect(report.status).toBe(0);
    const titles = report.checks.map(({ title }) => title).join("\n");
    for (const backend of ["reference", "ort", "tfjs/wasm"])
      expect(titles).toContain(`changes no input and repeats itself on ${backend}`);
    expect(report.checks.filter(({ group }) => group === "loss good-losses/volume").length).toBeGreaterThan(20);
  });

  it("a host operator with the sign of its derivative turned is caught by name", () => {
    const report = check("flipped-losses");
    expect(report.status).toBe(1);
    const failures = failuresOf(report);
    expect(failures.length).toBeGreaterThan(0);
    for (const { group, title, failure } of failures) {
      expect(`${group}: ${title}`).toMatch(/^loss flipped-losses\/volume: gradients agree with differences/);
      expect(failure!.code).toBe("CHECK_GRADIENT_WRONG");
    }
  });

  it("a host operator that changes its inputs is caught by name", () => {
    const report = check("mutating-losses");
    expect(report.status).toBe(1);
    const failures = failuresOf(report).filter(({ title }) => title.startsWith("changes no input"));
    expect(failures.length).toBeGreaterThan(0);
    for (const { group, failure } of failures) {
      expect(group).toBe("loss mutating-losses/volume");
      expect(failure).toMatchObject({
        code: "CHECK_INPUT_MUTATED",
        message: expect.stringContaining("mutating-losses/log-determinant"),
      });
    }
  });

  it("a job learns with one, and the run finds it again", () => {
    const loss = ["--plugin", "good-losses", "--loss", "good-losses/volume", "--clusters", "3"];
    const { status, stdout, stderr } = semblance(
      "cluster",
      "builtin:blobs",
      ...loss,
      "--out",
      "run",
      "--json",
      "--quiet",
    );
    expect(status, stderr).toBe(0);
    expect(scoreOf(stdout, "ari")).toBeGreaterThan(0.9);
    const again = semblance("evaluate", "run", "builtin:blobs", "--json", "--quiet");
    expect(again.status, again.stderr).toBe(0);
    expect(scoreOf(again.stdout, "ari")).toBe(scoreOf(stdout, "ari"));
    expect(semblance("list", "losses", "--plugin", "good-losses").stdout).toContain("(from good-losses)");
    // Another folder has the package; the run's own lost it.
    const other = join(folder, "elsewhere");
    mkdirSync(join(other, "node_modules"), { recursive: true });
    for (const name of ["@semblance", "zod"])
      symlinkSync(join(user, "node_modules", name), join(other, "node_modules", name));
    renameSync(join(user, "node_modules/good-losses"), join(other, "node_modules/good-losses"));
    try {
      const lost = semblance("evaluate", "run", "builtin:blobs", "--quiet");
      expect(lost.status).toBe(2);
      expect(lost.stderr).toMatch(/^error\[PLUGIN_NOT_FOUND\]: the package "good-losses" is not installed\n/);
      const named = run(
        binOf(user, "semblance"),
        ["evaluate", join(user, "run"), "builtin:blobs", "--plugin", "good-losses", "--json", "--quiet"],
        other,
      );
      expect(named.status, named.stderr).toBe(0);
    } finally {
      renameSync(join(other, "node_modules/good-losses"), join(user, "node_modules/good-losses"));
    }
  });

  it("one with a core, a zod and a tsyringe of its own works as well", () => {
    const own = join(user, "node_modules/good-losses");
    for (const name of ["@semblance/core", "zod", "tsyringe", "tslib"])
      cpSync(join(user, "node_modules", name), join(own, "node_modules", name), { recursive: true });
    // Core has it inside, so that it is not installed.
    const reflection = realpathSync(join(root, "packages/core/node_modules/reflect-metadata"));
    cpSync(reflection, join(own, "node_modules/reflect-metadata"), { recursive: true });
    const main = join(own, "dist/index.js");
    const text = readFileSync(main, "utf8");
    // Its own container, in which it looks up its own things.
    writeFileSync(
      main,
      `import "reflect-metadata";
import { container } from "tsyringe";
${text.replace("registry.add(volume);", 'container.registerInstance("volume", volume);\n        registry.add(container.resolve("volume"));')}`,
    );
    expect(readFileSync(main, "utf8")).toContain("container.resolve");
    const report = check("good-losses");
    expect(failuresOf(report)).toEqual([]);
    const options = [
      "--plugin",
      "good-losses",
      "--loss",
      "good-losses/volume",
      "--clusters",
      "3",
      "--set",
      "loss.weight=0.5",
    ];
    const ran = semblance("cluster", "builtin:blobs", ...options, "--out", "own", "--json", "--quiet");
    expect(ran.status, ran.stderr).toBe(0);
    expect(scoreOf(ran.stdout, "ari")).toBeGreaterThan(0.9);
    // A core of another version is refused, wherever it is met.
    const manifest = join(own, "node_modules/@semblance/core/package.json");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/"version": ".*"/, '"version": "0.0.9"'));
    const mixed = semblance("cluster", "builtin:blobs", ...options, "--quiet");
    expect(mixed.status).toBe(2);
    expect(mixed.stderr).toMatch(
      /^error\[CORE_VERSIONS_MIXED\]: the package "good-losses" comes with @semblance\/core 0\.0\.9,/,
    );
  });
});

/** What an author installs to develop: what package.json says, with our packages from the tarballs. */
function installDevelopment(folder: string, tarballs: readonly Tarball[]): void {
  const path = join(folder, "package.json");
  const manifest = readFileSync(path, "utf8");
  const overrides = Object.fromEntries(
    tarballs.map(({ name, file }) => [name, pathToFileURL(file).href.replace("//", "")]),
  );
  writeFileSync(path, JSON.stringify({ ...JSON.parse(manifest), pnpm: { overrides } }));
  const flags = ["install", "--ignore-scripts", "--prefer-offline", "--ignore-workspace"];
  succeeds(run(process.execPath, [pnpm!, ...flags], folder));
  writeFileSync(path, manifest);
  expect(readdirSync(join(folder, "node_modules"))).toContain("vitest");
}

function scoreOf(json: string, measure: string): number {
  const { scores } = JSON.parse(json) as {
    readonly scores: readonly { readonly name: string; readonly value: number }[];
  };
  return scores.find(({ name }) => name === measure)!.value;
}

function run(command: string, args: readonly string[], cwd: string): Outcome {
  // A runner in a runner takes its own settings from what surrounds it.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|npm_)/.test(name)),
  );
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    shell: process.platform === "win32" && !command.endsWith(".exe"),
    env: { ...env, NO_COLOR: "1", PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
  });
  return { status, stdout: stdout ?? "", stderr: stderr ?? "" };
}

function succeeds({ status, stdout, stderr }: Outcome): void {
  if (status !== 0) throw new Error(`exit status ${status}\n${stdout}\n${stderr}`);
}
