import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { describe, expect, it } from "vitest";
import { type Package, packages, readManifest, root } from "./support/packages.js";

const HOME = "https://github.com/semblance/semblance";
const engines = readManifest(root).engines!;
const licence = readFileSync(join(root, "LICENSE"), "utf8");
const ours = new Set(packages.map(({ manifest }) => manifest.name));
const versions = new Set(packages.map(({ manifest }) => manifest.version));

/** The rules that every published package.json keeps. Each looks at one package and throws where it is broken. */
const rules: Readonly<Record<string, (each: Package) => void>> = {
  "has the name of its folder": ({ manifest, short }) => expect(manifest.name).toBe(`@semblance/${short}`),
  "has the version of all packages": () => expect([...versions]).toHaveLength(1),
  "says what it is": ({ manifest }) => expect(manifest.description).toMatch(/^.{15,120}$/),
  "is of modules": ({ manifest }) => expect(manifest.type).toBe("module"),
  "says that importing it changes nothing": ({ manifest }) => expect(manifest.sideEffects).toBe(false),
  "runs where the repository runs": ({ manifest }) => expect(manifest.engines).toEqual(engines),
  "says where its source is": ({ manifest, short }) =>
    expect(manifest.repository).toEqual({ type: "git", url: `git+${HOME}.git`, directory: `packages/${short}` }),
  "says where to read about it": ({ manifest, short }) =>
    expect(manifest.homepage).toBe(`${HOME}/tree/main/packages/${short}#readme`),
  "says where to report a fault": ({ manifest }) => expect(manifest.bugs).toEqual({ url: `${HOME}/issues` }),
  "is found by its keywords": ({ manifest }) => {
    expect(manifest.keywords).toContain("semblance");
    expect(manifest.keywords!.length).toBeGreaterThanOrEqual(3);
  },
  "has the licence and a readme": ({ manifest, folder }) => {
    expect(manifest.license).toBe("Apache-2.0");
    expect(readFileSync(join(folder, "LICENSE"), "utf8")).toBe(licence);
    expect(readFileSync(join(folder, "README.md"), "utf8")).toContain(`# ${manifest.name}`);
  },
  "publishes for everybody": ({ manifest }) => {
    const { exports: _, ...rest } = manifest.publishConfig!;
    expect(rest).toEqual({ access: "public" });
  },
  "publishes the entries that it has here, with the same types": ({ manifest }) => {
    const published = manifest.publishConfig?.exports;
    if (!published) return;
    expect(Object.keys(published)).toEqual(Object.keys(manifest.exports!));
    for (const [path, target] of Object.entries(published))
      if (typeof target === "object")
        expect(target, path).toEqual({
          types: (manifest.exports![path] as Record<string, string>).types,
          default: expect.stringMatching(/^\.\/bundle\/[a-z-]+\.js$/),
        });
  },
  "lists files that exist, without build notes and maps": ({ manifest, folder }) => {
    const named = manifest.files!.filter((file) => !file.startsWith("!"));
    // What is made when it is packed is not here, and whoever has it publishes no other code.
    const made = manifest.scripts?.prepack ? ["bundle", "dist/**/*.d.ts"] : [];
    expect(named.filter((file) => !made.includes(file) && !existsSync(join(folder, file)))).toEqual([]);
    if (made.length > 0) expect([...named].sort()).toEqual([...made, "README.md", "LICENSE"].sort());
    expect(named).toEqual(expect.arrayContaining(["README.md", "LICENSE"]));
    // Sources are not in the tarball, so a map would lead nowhere; what is built by hand may be named file by file.
    if (named.includes("dist"))
      expect(manifest.files).toEqual(expect.arrayContaining(["!dist/.tsbuildinfo", "!dist/**/*.map"]));
  },
  "gives types before code, and its own manifest": ({ manifest }) => {
    for (const target of Object.values(manifest.exports ?? {}))
      if (typeof target === "object") expect(Object.keys(target)).toEqual(["types", "default"]);
    if (manifest.exports) expect(manifest.exports["./package.json"]).toBe("./package.json");
  },
  "runs no script where it is installed": ({ manifest }) =>
    expect(
      Object.keys(manifest.scripts ?? {}).filter((name) => /^(pre|post)?install$|^(pre|post)?prepare$/.test(name)),
    ).toEqual([]),
  "asks for siblings of its own version": ({ manifest }) => {
    const all = { ...manifest.dependencies, ...manifest.peerDependencies };
    for (const [name, range] of Object.entries(all)) if (ours.has(name)) expect(range, name).toBe("workspace:^");
  },
  "asks for others by a range, never for any version": ({ manifest }) => {
    const all = { ...manifest.dependencies, ...manifest.peerDependencies };
    for (const [name, range] of Object.entries(all)) {
      if (ours.has(name)) continue;
      expect(semver.validRange(range), `${name}@${range}`).not.toBeNull();
      expect(semver.satisfies("0.0.1", range), `${name}@${range} admits any version`).toBe(false);
    }
  },
  "tests with what its peers allow": ({ manifest, folder }) => {
    for (const [name, range] of Object.entries(manifest.peerDependencies ?? {})) {
      const installed = [folder, root, join(root, "test")]
        .map((at) => join(at, "node_modules", name))
        .find((at) => existsSync(at));
      // A peer for hardware that tests do not have is not installed here.
      if (!installed) continue;
      const { version } = readManifest(installed);
      expect(semver.satisfies(version, range === "workspace:^" ? "*" : range), `${name} ${version}: ${range}`).toBe(
        true,
      );
    }
  },
  "marks as optional only what is a peer": ({ manifest }) =>
    expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(
      expect.arrayContaining(Object.keys(manifest.peerDependenciesMeta ?? {})),
    ),
  "does not ask twice for the same": ({ manifest }) =>
    expect(
      Object.keys(manifest.dependencies ?? {}).filter((name) => manifest.peerDependencies?.[name] !== undefined),
    ).toEqual([]),
  "is installed by the first line that its readme tells": ({ folder, manifest }) => {
    const [, line] = /^```sh\n(.*)$/m.exec(readFileSync(join(folder, "README.md"), "utf8")) ?? [];
    // npm writes the name of an initialiser without its "create".
    expect(line).toMatch(manifest.name === "@semblance/create" ? /^npm create @semblance/ : /^npm install /);
    if (manifest.name !== "@semblance/create") expect(line!.split(" ")).toContain(manifest.name);
  },
};

for (const [rule, holds] of Object.entries(rules)) {
  describe(`a package ${rule}`, () => {
    for (const each of packages) it(each.short, () => holds(each));
  });
}
