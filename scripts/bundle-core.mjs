// Before core is packed (its script `prepack`): the compiled files of its entries, and the code of others that they need, go into a
// few files, because opening some 300 takes longer than running them. The workspace itself runs on the compiled files. Why this code
// and in these files: decisions/core-is-bundled.md.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root } from "./bootstrap.mjs";

const folder = join(root, "packages/core");
const out = join(folder, "bundle");
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** A dependency for the sake of its types only, which users' compilers read; its code is inside. */
const TYPES_ONLY = ["tsyringe"];
const asked = { ...manifest.dependencies, ...manifest.peerDependencies };
const outside = Object.keys(asked).filter((name) => !TYPES_ONLY.includes(name));

/** What a graph is made of asks for nothing of others: in a file of its own it is all that a page takes that only differentiates. */
const GRAPH =
  /core.dist.(arrays|errors|functions|ir|ops|random|reference|execution.(?!report-backend)|training.checkpoint)/;

const { status, stdout } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b", folder], {
  encoding: "utf8",
});
if (status !== 0) fail(`core does not compile\n${stdout}`);

const bundle = await rolldown({
  cwd: folder,
  input: Object.fromEntries(entries()),
  platform: "neutral",
  resolve: { mainFields: ["module", "main"] },
  external: (id) => id.startsWith("node:") || outside.some((name) => id === name || id.startsWith(`${name}/`)),
  onLog(level, log) {
    if (level === "warn") fail(log.message);
  },
});
const { output } = await bundle.generate({
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  // Readers find them in the declarations beside the files.
  comments: { jsdoc: false },
  codeSplitting: {
    groups: [
      { name: "graph", test: GRAPH, priority: 2 },
      { name: "training", test: /core.dist.(container|contracts|evaluation|execution|training)/, priority: 1 },
    ],
  },
});
await bundle.close();
settle({
  ...Object.fromEntries(output.map(({ fileName, code }) => [fileName, code])),
  "THIRD-PARTY-LICENSES": licences(output.flatMap(({ moduleIds }) => moduleIds)),
});

/** Name and compiled file of every entry, as package.json tells the workspace and publishConfig the rest of the world. */
function entries() {
  return Object.entries(manifest.publishConfig.exports)
    .filter(([, target]) => typeof target === "object")
    .map(([path, target]) => {
      const compiled = join(folder, manifest.exports[path].default);
      if (!existsSync(compiled)) fail(`${path} is not built: there is no ${compiled}`);
      return [/^\.\/bundle\/(.+)\.js$/.exec(target.default)[1], compiled];
    });
}

/** The packages whose files are inside, each with the licence that it comes with. */
function licences(modules) {
  const folders = modules.map((id) => /.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0]);
  const texts = [...new Set(folders.filter((found) => found !== undefined))].map((found) => {
    const { name, version, license } = JSON.parse(readFileSync(join(found, "package.json"), "utf8"));
    const files = readdirSync(found).filter((file) => /^(licen[cs]e|(copyright)?notice)(\.|$)/i.test(file));
    if (files.length === 0) fail(`${name} ${version} comes without the text of its licence`);
    const words = files.map((file) => readFileSync(join(found, file), "utf8").trim());
    return `${name} ${version} (${license})\n\n${words.join("\n\n")}\n`;
  });
  return `The files beside this one contain code of these packages.\n\n${texts.sort().join(`\n${"-".repeat(80)}\n\n`)}`;
}

/** Makes the folder hold these files and no others, each whole at every moment: core may be packed twice at the same time. */
function settle(files) {
  const scratch = join(folder, "node_modules", `.bundle-${process.pid}`);
  for (const made of [out, scratch]) mkdirSync(made, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = join(out, name);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    writeFileSync(join(scratch, name), text);
    renameSync(join(scratch, name), file);
  }
  for (const name of readdirSync(out)) if (!(name in files)) rmSync(join(out, name), { recursive: true });
  rmSync(scratch, { recursive: true });
}

function fail(message) {
  console.error(`error[BUNDLE_FAILED]: ${message}`);
  process.exit(1);
}
