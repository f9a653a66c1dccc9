import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { temporaryFolder } from "./support/run.js";

/** Runtimes are large and slow to load, so they are loaded when a backend is made, and not before. */
const RUNTIMES = /node_modules\/(?:onnxruntime-[a-z]+|@tensorflow\/[a-z-]+|webgpu)\//;

const dist = (name: string) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));

/** What a fresh process loads: every file of modules of either kind, and native addons, which are loaded as CommonJS. */
async function loadedBy(args: readonly string[]): Promise<string[]> {
  const folder = await temporaryFolder();
  const [hooks, watch] = [join(folder, "hooks.mjs"), join(folder, "watch.mjs")];
  await writeFile(
    hooks,
    'import { writeSync } from "node:fs";\nexport async function load(url, context, next) {\n  writeSync(3, url + "\\n");\n  return next(url, context);\n}\n',
  );
  await writeFile(
    watch,
    `import { createRequire, register } from "node:module";
import { writeSync } from "node:fs";
register(${JSON.stringify(pathToFileURL(hooks).href)});
const { cache } = createRequire(import.meta.url);
process.on("exit", () => writeSync(3, Object.keys(cache).map((file) => file + "\\n").join("")));
`,
  );
  const ran = spawnSync(process.execPath, ["--import", pathToFileURL(watch).href, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  expect(ran.status, ran.stderr).toBe(0);
  return ran.output[3]!.split("\n").filter((line) => line !== "");
}

const importing = (file: string) => [
  "--input-type=module",
  "-e",
  `await import(${JSON.stringify(pathToFileURL(file).href)})`,
];

it.each([
  ["semblance --help", [fileURLToPath(new URL("../bin/semblance.js", import.meta.url)), "--help"]],
  ["semblance list", [fileURLToPath(new URL("../bin/semblance.js", import.meta.url)), "list", "--json"]],
  ["importing @semblance/cli", importing(dist("index.js"))],
])("%s loads no runtime", async (_, args) => {
  const loaded = await loadedBy(args);
  expect(loaded.some((file) => file.includes("/core/dist/index.js"))).toBe(true);
  expect(loaded.filter((file) => RUNTIMES.test(file))).toEqual([]);
});

it.each([
  ["@semblance/backend-ort", "ortBackend"],
  ["@semblance/backend-tfjs/node", "tfjsNodeBackend"],
])("sees the runtime that %s loads for a backend", async (name, make) => {
  const url = JSON.stringify(import.meta.resolve(name));
  const body = `const { ${make} } = await import(${url}); await (await ${make}()).dispose();`;
  const loaded = await loadedBy(["--input-type=module", "-e", body]);
  expect(loaded.filter((file) => RUNTIMES.test(file))).not.toEqual([]);
});
