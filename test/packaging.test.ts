import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { budgets } from "./support/budgets.js";
import {
  binOf,
  filesLoadedBy,
  installWithNpm,
  installWithPnpm,
  isolatedBy,
  offline,
  whyNoRegistry,
} from "./support/consumer.js";
import { entriesOf, type Package, packages, root } from "./support/packages.js";
import { snippetsOf, withChecks } from "./support/snippets.js";
import { discard, findPnpm, packAll, type Tarball, textOf } from "./support/tarballs.js";

/**
 * What a user gets: the tarballs, and what becomes of them in an empty folder. Third-party packages come from the registry by the
 * ordinary clients; where it cannot be reached these tests are skipped, as their names then say.
 */
const pnpm = findPnpm();
if (pnpm) suite(pnpm);
else
  it.skip("packages as a user gets them (skipped: pnpm is not here, and the registry that has it cannot be reached)");

function suite(pnpm: string): void {
  const { folder, tarballs } = packAll(pnpm);
  afterAll(() => discard(folder), 60_000);

  const each = packages.map((of) => ({ of, tarball: tarballs.find(({ short }) => short === of.short)! }));

  describe("a tarball", () => {
    for (const { of, tarball } of each) {
      describe(of.short, () => contents(of, tarball));
    }
  });

  const unreachable = whyNoRegistry();
  const because = unreachable ? ` (skipped: ${unreachable})` : "";

  describe.skipIf(unreachable !== undefined)(`installed all together, then with ${isolatedBy}${because}`, () => {
    const clients = {
      npm: (at: string, names: readonly string[]) => installWithNpm(at, tarballs, names),
      pnpm: (at: string, names: readonly string[]) => installWithPnpm(pnpm, at, tarballs, names),
    };
    for (const [client, install] of Object.entries(clients)) {
      describe(client, () => {
        const at = join(folder, `together-${client}`);

        it("installs without scripts", () => {
          const { status, stderr, stdout } = install(
            at,
            tarballs.map(({ name }) => name),
          );
          expect(status, stdout + stderr).toBe(0);
        });

        it("semblance doctor names the devices", () => {
          const { status, stdout, stderr } = offline(binOf(at, "semblance"), ["doctor", "--json"], at);
          expect(status, stderr).toBe(0);
          const backends: readonly { name: string; available: boolean }[] = JSON.parse(stdout).backends;
          const available = backends.filter(({ available }) => available).map(({ name }) => name);
          expect(available).toEqual(expect.arrayContaining(["ort", "reference"]));
        });

        it("core's container makes a class with core's decorators, though another tsyringe is installed", () => {
          expect(readdirSync(join(at, "node_modules", client === "npm" ? "." : ".pnpm/node_modules"))).toContain(
            "tsyringe",
          );
          writeFileSync(join(at, "decorated.js"), javaScriptOf(DECORATED));
          const { status, stdout, stderr } = offline(process.execPath, ["decorated.js"], at);
          expect(status, stderr).toBe(0);
          expect(stdout).toBe("adam adamw rmsprop sgd\n");
        });

        it("the main job learns and writes its run folder", () => {
          copyFileSync(join(root, "examples/digits.yaml"), join(at, "digits.yaml"));
          const args = ["train", "digits.yaml", "--set", "epochs=10", "--out", "run", "--json", "--quiet"];
          const { status, stdout, stderr } = offline(binOf(at, "semblance"), args, at);
          expect(status, stderr).toBe(0);
          const { scores, files } = JSON.parse(stdout);
          // 0.1 is chance, 0.8 what all epochs reach: the job is cut short, so that the test is.
          expect(scores.find(({ name }: { name: string }) => name === "accuracy").value).toBeGreaterThan(0.4);
          expect(readdirSync(join(at, "run")).sort()).toEqual([...files].sort());
          expect(statSync(join(at, "run/model.onnx")).size).toBeGreaterThan(10_000);
        });
      });
    }
  });

  describe.skipIf(unreachable !== undefined)(`what an import loads${because}`, () => {
    for (const { of } of each.filter(({ of }) => entriesOf(of).includes(of.manifest.name))) {
      it(`${of.manifest.name} keeps to its budget, and loads no runtime`, () => {
        const files = filesLoadedBy(`import ${JSON.stringify(of.manifest.name)}`, join(folder, "together-npm"));
        expect(files.length).toBeGreaterThan(0);
        const bytes = files.reduce((sum, file) => sum + statSync(fileURLToPath(file)).size, 0);
        expect(bytes / 1000, `kB loaded, in ${files.length} files`).toBeLessThanOrEqual(budgets[of.short]!.loadsKb);
        expect(files.filter((file) => /node_modules\/(onnxruntime-|@tensorflow\/)/.test(file))).toEqual([]);
        const foreign = new Set(files.map(packageOf).filter((name) => !name.startsWith("@semblance/")));
        expect([...foreign].sort()).toEqual([...budgets[of.short]!.loads].sort());
      });
    }
  });

  describe.skipIf(unreachable !== undefined)(`installed alone as its readme says, with ${isolatedBy}${because}`, () => {
    for (const { of, tarball } of each) {
      describe(of.short, () => alone(of, { pnpm, tarball, tarballs, at: join(folder, `alone-${of.short}`) }));
    }
  });
}

function contents(of: Package, tarball: Tarball): void {
  it("has licence, readme and manifest", () => {
    expect(tarball.files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
  });

  it("has no tests, build notes or maps", () => {
    const unwanted = /\.test\.|(^|\/)test\/|\.tsbuildinfo$|\.map$|\.api\.md$|(^|\/)src\/|tsconfig/;
    // A template carries the tests of the package that is made of it.
    expect(tarball.files.filter((file) => unwanted.test(file) && !/^templates?\//.test(file))).toEqual([]);
  });

  it("tells of no path of the machine that packed it, and of no map", () => {
    const telling = [root, join(process.env.HOME ?? root, "/"), "sourceMappingURL="];
    const found = tarball.files.filter((file) => {
      const text = textOf(tarball, file);
      return text !== undefined && telling.some((words) => text.includes(words));
    });
    expect(found).toEqual([]);
  });

  it("asks for siblings by the range of their version", () => {
    const { dependencies = {}, peerDependencies = {} } = JSON.parse(textOf(tarball, "package.json")!);
    for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies }))
      if (name.startsWith("@semblance/")) expect(range, name).toBe(`^${of.manifest.version}`);
  });

  it("keeps to its budget", () => {
    const budget = budgets[of.short];
    expect(budget, `enter ${of.short} in test/support/budgets.ts`).toBeDefined();
    const unpacked = tarball.files.reduce((sum, file) => sum + statSync(join(tarball.unpacked, file)).size, 0);
    expect(tarball.packedBytes / 1000, "kB packed").toBeLessThanOrEqual(budget!.packedKb);
    expect(unpacked / 1000, "kB unpacked").toBeLessThanOrEqual(budget!.unpackedKb);
  });

  // Its manifest here is another; those of the others are checked where they lie.
  if (of.manifest.publishConfig?.exports) {
    it("is as publint would have it", async () => {
      const { messages, pkg } = await publint({ pkgDir: tarball.unpacked, pack: false, strict: true });
      expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
    });

    it("has its code in bundles, which ask for what it depends on and no more", () => {
      const scripts = tarball.files.filter((file) => file.endsWith(".js"));
      expect(scripts.filter((file) => !file.startsWith("bundle/"))).toEqual([]);
      const asked = scripts.flatMap((file) => ts.preProcessFile(textOf(tarball, file)!).importedFiles);
      const { dependencies, peerDependencies } = of.manifest;
      const named = new Set(asked.map(({ fileName }) => fileName).filter((name) => !/^(\.\/|node:)/.test(name)));
      expect(named).toContain("zod");
      expect(Object.keys({ ...dependencies, ...peerDependencies })).toEqual(expect.arrayContaining([...named]));
    });

    it("has the licence of each package whose code is inside", () => {
      const scripts = tarball.files.filter((file) => file.endsWith(".js")).map((file) => textOf(tarball, file)!);
      // Above the code of most modules the bundler says whence it is.
      const inside = scripts.flatMap((text) => [...text.matchAll(/^\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)]);
      const licences = textOf(tarball, "bundle/THIRD-PARTY-LICENSES")!;
      const listed = [...licences.matchAll(/^(\S+) \d+\.\d+\.\d+ \(.+\)$/gm)].map(([, name]) => name);
      expect(listed).toEqual(expect.arrayContaining(inside.map(([, name]) => name)));
      expect(listed).toEqual(["fastest-levenshtein", "reflect-metadata", "semver", "tslib", "tsyringe"]);
      for (const text of licences.split("-".repeat(80))) expect(text).toMatch(/permission|licen[cs]e/i);
    });
  }

  // A command that nobody imports has none.
  if (entriesOf(of).length === 0) return;
  it("has types that are right for everyone who imports it as a module", async () => {
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball.file)));
    if (!analysis.types) throw new Error("the tarball has no types");
    // `require` without import(), and the resolution of Node 10 that knows no exports, are not offered.
    const problems = analysis.problems.filter(
      (problem) => !("resolutionKind" in problem && /node10|node16-cjs/.test(problem.resolutionKind)),
    );
    expect(problems).toEqual([]);
  });
}

interface Alone {
  readonly pnpm: string;
  readonly tarball: Tarball;
  readonly tarballs: readonly Tarball[];
  /** The folder to install in. */
  readonly at: string;
}

function alone(of: Package, { pnpm, tarball, tarballs, at }: Alone): void {
  const readme = textOf(tarball, "README.md")!;

  it("installs", () => {
    const { status, stdout, stderr } = installWithPnpm(pnpm, at, tarballs, installedBy(readme, of.manifest.name));
    expect(status, stdout + stderr).toBe(0);
  });

  for (const entry of entriesOf(of)) {
    it(`${entry} loads, or names the peer that it lacks`, () => {
      const code = `import(${JSON.stringify(entry)}).then((all) => console.log(Object.keys(all).length))`;
      const { status, stdout, stderr } = offline(process.execPath, ["--input-type=module", "--eval", code], at);
      if (status === 0) {
        expect(Number(stdout)).toBeGreaterThan(0);
        return;
      }
      const missing = /Cannot find package '([^']+)'/.exec(stderr)?.[1];
      expect(Object.keys(of.manifest.peerDependenciesMeta ?? {}), stderr).toContain(missing);
      expect(entry, "the main entry needs no optional peer").not.toBe(of.manifest.name);
    });
  }

  const [snippet] = snippetsOf(readme);
  if (snippet) {
    it("runs the first example of its readme", () => {
      mkdirSync(join(at, "own"), { recursive: true });
      writeFileSync(join(at, "readme.js"), PRELUDE + javaScriptOf(withChecks(snippet)));
      const { status, stderr } = offline(process.execPath, ["readme.js"], at);
      expect(status, stderr).toBe(0);
    });
  }
}

/** The package whose file it is. */
function packageOf(file: string): string {
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)![1]!;
}

/** What follows `npm install` in a readme: names only, without options and remarks. */
function installedBy(readme: string, itself: string): readonly string[] {
  const lines = [...readme.matchAll(/^npm install (.*?)(?: #.*)?$/gm)].map(([, names]) => names!);
  const names = lines.flatMap((line) => line.split(" ")).filter((word) => word !== "" && !word.startsWith("-"));
  return [...new Set([...names, itself])];
}

/** Imports stand before everything else in a module, so that the checks may be set up after them and before the example. */
const PRELUDE = `import __assert from "node:assert/strict";
import { inspect as __inspect } from "node:util";
globalThis.folder = "own";
const __plain = (text) => text.replace(/\\s/g, "").replaceAll("'", '"');
const __check = (value, text) => __assert.equal(
  __plain(typeof value === "string" ? value : __inspect(value, { depth: 5, breakLength: Infinity })), __plain(text));
`;

const DECORATED = `import { CATALOGUE, type Catalogue, createContainer, inject, injectable } from "@semblance/core";

@injectable()
class Report {
  constructor(@inject(CATALOGUE) readonly catalogue: Catalogue) {}
}

const { catalogue } = createContainer().resolve(Report);
console.log(catalogue.list("optimizer").map(({ name }) => name).join(" "));
`;

function javaScriptOf(code: string): string {
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    experimentalDecorators: true,
  };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}
