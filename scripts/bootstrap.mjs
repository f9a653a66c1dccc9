// Sets a clone up: checks Node, installs what the lockfile says, builds. Each step is left out where nothing changed since the last
// time, so that it may stand at the start of every command; after the first time it needs no network.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const NODE = [20, 19];
const PNPM = "pnpm@10";
const INSTALLED = join(root, "node_modules/.semblance-stamp");
const BUILT = join(root, "node_modules/.semblance-build-stamp");

/** Makes the clone ready; says what takes long on standard error, and everything only where a step fails. */
export function bootstrap() {
  requireNode();
  step("installing packages", INSTALLED, installStamp, () =>
    run("npx", ["--yes", PNPM, "install", "--frozen-lockfile"]),
  );
  step("building", BUILT, sourceStamp, () => run(process.execPath, ["node_modules/typescript/bin/tsc", "-b"]));
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return;
  fail(
    `Semblance needs Node ${NODE.join(".")} or newer; this is ${process.versions.node}. Get it from https://nodejs.org.`,
  );
}

function step(what, file, stampOf, work) {
  if (existsSync(file) && readFileSync(file, "utf8") === stampOf()) return;
  process.stderr.write(`${what} …\n`);
  const { status, output } = work();
  if (status !== 0) fail(`${what} failed:\n${output}`);
  mkdirSync(join(root, "node_modules"), { recursive: true });
  // Taken anew: the work may have made what the stamp looks at.
  writeFileSync(file, stampOf());
}

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    // Windows starts npx through a shell only; the arguments hold nothing that a shell would change.
    shell: process.platform === "win32" && command === "npx",
    // The processor and WebGPU parts of onnxruntime are inside its package; its install script would fetch CUDA.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
  });
  return { status: error ? 1 : status, output: error ? String(error) : `${stdout}${stderr}` };
}

/** What decides which packages are installed. */
function installStamp() {
  const folders = ["packages", "test", "bench", "examples"].flatMap((name) =>
    name === "packages" ? readdirSync(join(root, name)).map((inner) => join(name, inner)) : [name],
  );
  const files = [
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "package.json",
    ...folders.map((folder) => join(folder, "package.json")),
  ];
  const hash = createHash("sha256").update(process.platform + process.arch);
  for (const file of files.sort())
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

/** Names, sizes and times of everything that is compiled, and of one compiled file of each package. */
function sourceStamp() {
  const hash = createHash("sha256").update(existsSync(INSTALLED) ? readFileSync(INSTALLED) : "");
  for (const name of readdirSync(join(root, "packages")).sort()) {
    const folder = join(root, "packages", name);
    hash.update(`${name} ${existsSync(join(folder, "dist/index.js"))}\n`);
    for (const file of filesBelow(join(folder, "src"))) describe(hash, file);
    describe(hash, join(folder, "tsconfig.json"));
  }
  for (const name of ["tsconfig.json", "tsconfig.base.json"]) describe(hash, join(root, name));
  return hash.digest("hex");
}

function describe(hash, file) {
  if (!existsSync(file)) return;
  const { size, mtimeMs } = statSync(file);
  hash.update(`${file} ${size} ${mtimeMs}\n`);
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
