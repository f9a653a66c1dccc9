// The packages as they are published, laid out as a package manager would: tarballs unpacked below one node_modules, beside links to
// what they ask for of others, which the workspace has. Needs no network.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";

/** Calls `use` with the folder that has the node_modules, and the tarballs' paths; the folder is gone afterwards. */
export function withPacked(use) {
  bootstrap();
  const folder = mkdtempSync(join(tmpdir(), "semblance-packed-"));
  try {
    const args = ["--yes", "pnpm@10", "--recursive", "--filter", "./packages/*", "pack", "--pack-destination", folder];
    run("npx", args, { shell: process.platform === "win32" });
    const tarballs = readdirSync(folder).sort();
    for (const name of readdirSync(join(root, "packages"))) install(folder, name);
    return use(
      folder,
      tarballs.map((name) => join(folder, name)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function install(folder, short) {
  const source = join(root, "packages", short);
  const { name, version, dependencies = {} } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const target = join(folder, "node_modules", name);
  mkdirSync(target, { recursive: true });
  const file = join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
  run("tar", ["-xzf", file, "-C", target, "--strip-components=1"]);
  for (const other of Object.keys(dependencies)) {
    const link = join(folder, "node_modules", other);
    if (other.startsWith("@semblance/") || existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(source, "node_modules", other)), link, "junction");
  }
}

function run(command, args, options = {}) {
  const { status, stderr, error } = spawnSync(command, args, { cwd: root, encoding: "utf8", ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${error ?? stderr}`);
}
