import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { createPackage } from "../src/command-line.js";
import { familyOf } from "../src/package-name.js";
import { VERSION } from "../src/version.js";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "semblance-create-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function run(args: readonly string[], folder = temporaryFolder(), answers?: readonly string[]) {
  const left = [...(answers ?? [])];
  const asked: string[] = [];
  let [out, err] = ["", ""];
  const status = await createPackage(args, {
    folder,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    ask: answers
      ? async (question) => {
          asked.push(question);
          return left.shift() ?? "";
        }
      : undefined,
  });
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  return { status, out, err, folder, asked, read };
}

const filesOf = ({ out }: { readonly out: string }) => Number(/: (\d+) files in/.exec(out)?.[1]);

describe("npm create @semblance", () => {
  it("writes a package with the given name, words and licence", async () => {
    const made = await run(["@me/my.losses", "--description", 'says "hi"', "--author", "Ada", "--licence", "mit"]);
    expect(made).toMatchObject({ status: 0, err: "" });
    expect(filesOf(made)).toBe(18);
    expect(made.out).toContain("  cd my.losses\n  npm install\n");
    expect(JSON.parse(made.read("my.losses/package.json"))).toMatchObject({
      name: "@me/my.losses",
      description: 'says "hi"',
      author: "Ada",
      license: "MIT",
      peerDependencies: { "@semblance/core": `^${VERSION}` },
      devDependencies: { "@semblance/core": `^${VERSION}`, "@semblance/cli": `^${VERSION}` },
    });
    expect(made.read("my.losses/LICENSE")).toMatch(/^MIT License\n\nCopyright \(c\) \d{4} Ada\n/);
    expect(made.read("my.losses/src/index.ts")).toContain('name: "@me/my.losses"');
    expect(made.read("my.losses/src/volume.ts")).toContain('name: "my-losses/volume"');
    expect(made.read("my.losses/.github/workflows/ci.yml")).toContain("node-version: $" + "{{ matrix.node }}");
    for (const file of [".gitignore", ".changeset/config.json"])
      expect(existsSync(join(made.folder, "my.losses", file))).toBe(true);
  });

  it("takes Apache-2.0 unless told, and leaves no key unfilled", async () => {
    const made = await run(["my-losses", "--yes"]);
    expect(made.read("my-losses/LICENSE")).toBe(readFileSync(new URL("../LICENSE", import.meta.url), "utf8"));
    for (const file of ["package.json", "README.md", "src/index.ts", "src/volume.ts", ".changeset/first-version.md"])
      expect(made.read(`my-losses/${file}`)).not.toMatch(/\{\{\w/);
  });

  it("asks a person for what was not said, and takes a folder as a path", async () => {
    const made = await run(["./deep/folder", "--author", "Ada"], temporaryFolder(), ["mine"]);
    expect(made.asked).toEqual(["What it is"]);
    expect(JSON.parse(made.read("deep/folder/package.json"))).toMatchObject({ name: "folder", description: "mine" });
    const silent = await run(["--yes"], temporaryFolder(), ["never"]);
    expect(silent.asked).toEqual([]);
    expect(existsSync(join(silent.folder, "my-losses/package.json"))).toBe(true);
  });

  it("overwrites nothing, and does not mind a repository without files", async () => {
    const folder = join(temporaryFolder(), "my-losses");
    spawnSync("git", ["init", "-q", folder]);
    expect((await run(["."], folder)).status).toBe(0);
    const again = await run(["."], folder);
    expect(again.status).toBe(2);
    expect(again.err).toMatch(
      /^error\[FOLDER_NOT_EMPTY\]: .* is not empty: it holds \S+ and \d+ more\n {2}where: .*\n {2}fix: /,
    );
  });

  it.each([
    [["Not A Name"], "NAME_INVALID"],
    [["node_modules"], "NAME_INVALID"],
    [["fs"], "NAME_INVALID"],
    [["../UPPER"], "NAME_INVALID"],
    [["a", "b"], "USAGE"],
    [["a", "--authr", "x"], "USAGE"],
    [["a", "--licence", "WTFPL"], "LICENCE_UNKNOWN"],
  ])("refuses %j", async (args, code) => {
    const refused = await run(args);
    expect(refused).toMatchObject({ status: 2, out: "" });
    expect(refused.err).toMatch(new RegExp(`^error\\[${code}\\]: .+\\n {2}where: .+\\n {2}fix: .+\\n$`));
  });

  it("refuses a place where nothing can be written", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    expect((await run(["./file"], folder)).err).toMatch(/^error\[FOLDER_UNUSABLE\]: /);
  });

  it("asks for what this repository is built and tested with", () => {
    const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
    const { devDependencies: theirs, dependencies } = read("../template/_package.json");
    const { devDependencies: ours } = read("../../../package.json");
    for (const name of ["@changesets/cli", "@types/node", "fast-check", "vitest"])
      expect(theirs[name], name).toBe(ours[name]);
    expect(theirs.typescript).toBe(`^${ours.typescript}`);
    expect(dependencies.zod).toBe(read("../../core/package.json").dependencies.zod);
  });

  it("runs as a command", () => {
    const bin = fileURLToPath(new URL("../bin/create.js", import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [bin, "--help"], { encoding: "utf8" });
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/^npm create @semblance/) });
  });
});

it.each([
  ["my-losses", "my-losses"],
  ["@me/losses", "losses"],
  ["my.losses_2", "my-losses-2"],
  ["-~-", "mine"],
])("names the family of %s %s", (name, family) => expect(familyOf(name)).toBe(family));
