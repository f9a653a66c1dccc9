import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PluginError } from "@semblance/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadPlugins } from "./load-plugins.js";

/** A folder with one installed package. */
async function folderWith(name: string, manifest: object, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-plugins-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const root = join(folder, "node_modules", name);
  await mkdir(root, { recursive: true });
  await writeFile(join(root, "package.json"), JSON.stringify({ name, version: "1.0.0", type: "module", ...manifest }));
  for (const [file, content] of Object.entries(files)) await writeFile(join(root, file), content);
  return folder;
}

const plugin = `export default { name: "my-losses", version: "1.0.0", core: "*", register() {} };`;
const refused = async (names: string[], folder: string) => {
  const error = await loadPlugins(names, folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PluginError);
  return error as PluginError;
};

describe("loadPlugins", () => {
  it.each([
    ["exports as a text", { exports: "./index.js" }],
    ["conditions", { exports: { ".": { types: "./index.d.ts", import: "./index.js" } } }],
    ["conditions without a path", { exports: { import: "./index.js", require: "./index.cjs" } }],
    ["main", { main: "index.js" }],
    ["nothing", {}],
  ])("finds the main module by %s, also from a folder below", async (_, manifest) => {
    const folder = await folderWith("@me/my-losses", manifest, { "index.js": plugin });
    await mkdir(join(folder, "jobs/deep"), { recursive: true });
    const [loaded] = await loadPlugins(["@me/my-losses"], join(folder, "jobs/deep"));
    expect(loaded?.name).toBe("my-losses");
  });

  it("guesses which package was meant", async () => {
    const folder = await folderWith(
      "my-losses",
      { peerDependencies: { "@semblance/core": "*" } },
      { "index.js": plugin },
    );
    await mkdir(join(folder, "node_modules", "my-lodash"));
    await writeFile(join(folder, "node_modules", "my-lodash", "package.json"), '{ "name": "my-lodash" }');
    const error = await refused(["my-loses"], folder);
    expect(error).toMatchObject({ code: "PLUGIN_NOT_FOUND", fix: 'Did you mean "my-losses"?' });
  });

  it("names the package that throws, and the one that is no plugin", async () => {
    const throwing = await folderWith("my-losses", {}, { "index.js": 'throw new Error("out of order");' });
    const error = await refused(["my-losses"], throwing);
    expect(error).toMatchObject({
      code: "PLUGIN_IMPORT_FAILED",
      where: 'plugin "my-losses", index.js:1:7',
      fix: expect.stringContaining("Report it"),
    });
    expect(error.message).toContain("out of order");
    const other = await folderWith("left-pad", {}, { "index.js": "export default () => {};" });
    expect((await refused(["left-pad"], other)).code).toBe("PLUGIN_INVALID");
  });

  it("finds the package that the folder belongs to by its own name, and does not send its author to its author", async () => {
    const folder = await mkdtemp(join(tmpdir(), "semblance-plugins-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, "src"));
    await writeFile(join(folder, "package.json"), '{ "name": "mine", "type": "module", "exports": "./index.js" }');
    await writeFile(join(folder, "index.js"), plugin);
    const [loaded] = await loadPlugins(["mine"], join(folder, "src"));
    expect(loaded?.name).toBe("my-losses");
    await writeFile(join(folder, "package.json"), '{ "name": "mine", "type": "module", "exports": "./broken.js" }');
    await writeFile(join(folder, "broken.js"), "\nnull.x;");
    expect(await refused(["mine"], folder)).toMatchObject({
      where: 'plugin "mine", broken.js:2:6',
      fix: expect.stringContaining("Correct it there"),
    });
  });

  it.each(["../mine", "./mine.js", "/etc/passwd", "Mine", "", "a b", "node:fs"])(
    "refuses the name %j",
    async (name) => {
      expect((await refused([name], tmpdir())).code).toBe("PLUGIN_NAME_INVALID");
    },
  );

  it("says how a job calls the package that it lies in", async () => {
    for (const name of [".", "./", "../mine"]) {
      expect((await refused([name], tmpdir())).fix).toContain("the name in its package.json");
    }
  });
});
