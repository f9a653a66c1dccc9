import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { packages, root } from "./packages.js";

/** A packed package: the file, and its content unpacked. */
export interface Tarball {
  readonly short: string;
  readonly name: string;
  readonly file: string;
  readonly unpacked: string;
  readonly packedBytes: number;
  /** Paths below `unpacked`. */
  readonly files: readonly string[];
}

/** pnpm's own script, or undefined where it cannot be had: starting it through npx each time would cost a second a call. */
export function findPnpm(): string | undefined {
  const args = ["--yes", "--prefer-offline", "--package", "pnpm@10", "-c", 'node -p "process.env.PATH"'];
  const { status, stdout } = spawnSync("npx", args, {
    encoding: "utf8",
    shell: process.platform === "win32",
    // Without a network npx would try for over a minute.
    env: { ...process.env, npm_config_fetch_retries: "1", npm_config_fetch_retry_mintimeout: "1000" },
  });
  if (status !== 0) return undefined;
  const binaries = stdout.split(delimiter).find((path) => path.includes("_npx"));
  return binaries ? join(binaries.trim(), "..", "pnpm", "bin", "pnpm.cjs") : undefined;
}

/** Builds what changed, and packs every package into a new folder. */
export function packAll(pnpm: string): { readonly folder: string; readonly tarballs: readonly Tarball[] } {
  run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"]);
  const folder = mkdtempSync(join(tmpdir(), "semblance-packages-"));
  run(process.execPath, [pnpm, "--recursive", "--filter", "./packages/*", "pack", "--pack-destination", folder]);
  const tarballs = packages.map(({ short, manifest }) => {
    const file = join(folder, `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`);
    const unpacked = join(folder, short);
    mkdirSync(unpacked);
    run("tar", ["-xzf", file, "-C", unpacked, "--strip-components=1"]);
    return {
      short,
      name: manifest.name,
      file,
      unpacked,
      packedBytes: statSync(file).size,
      files: filesBelow(unpacked),
    };
  });
  return { folder, tarballs };
}

function run(command: string, args: readonly string[], cwd = root): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${error ?? ""}\n${stdout}${stderr}`);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

export function discard(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** A text file of a tarball, or undefined for one that is not text. */
export function textOf({ unpacked }: Tarball, file: string): string | undefined {
  const bytes = readFileSync(join(unpacked, file));
  return bytes.includes(0) ? undefined : bytes.toString("utf8");
}
