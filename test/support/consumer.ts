import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packages } from "./packages.js";
import type { Tarball } from "./tarballs.js";

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why third-party packages cannot be had, or undefined where they can. */
export function whyNoRegistry(): string | undefined {
  const asked = run("npm", ["view", "zod", "version", "--fetch-retries=0", "--fetch-timeout=10000"], ".");
  if (asked.status === 0) return undefined;
  return `the package registry cannot be reached: ${/E[A-Z]{4,}/.exec(asked.stderr)?.[0] ?? "no answer"}`;
}

/** The package.json of somebody who has only the tarballs: what they name comes from the files, also where a sibling asks for it. */
function consumer(folder: string, tarballs: readonly Tarball[], wanted: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  const files = Object.fromEntries(
    tarballs.map(({ name, file }) => [name, pathToFileURL(file).href.replace("//", "")]),
  );
  const dependencies = Object.fromEntries(wanted.map((name) => [name, files[name] ?? rangeOf(name)]));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      private: true,
      type: "module",
      dependencies,
      // npm refuses an override of what is asked for directly, unless it is the same.
      overrides: files,
      pnpm: { overrides: files },
    }),
  );
}

/** The range that our packages state for one of theirs. */
function rangeOf(name: string): string {
  const ranges = packages.flatMap(({ manifest }) => manifest.peerDependencies?.[name] ?? manifest.dependencies?.[name]);
  return ranges.find((range) => range !== undefined) ?? "latest";
}

export function installWithNpm(folder: string, tarballs: readonly Tarball[], wanted: readonly string[]): Outcome {
  consumer(folder, tarballs, wanted);
  return run("npm", ["install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"], folder);
}

/** pnpm runs no scripts unless they are allowed one by one; the flag says so for older ones. */
export function installWithPnpm(
  pnpm: string,
  folder: string,
  tarballs: readonly Tarball[],
  wanted: readonly string[],
): Outcome {
  consumer(folder, tarballs, wanted);
  // A lockfile of a folder above would make this one a part of it.
  return run(process.execPath, [pnpm, "install", "--ignore-scripts", "--prefer-offline", "--ignore-workspace"], folder);
}

const isolation = [
  ["unshare", "--net"],
  ["unshare", "--map-root-user", "--net"],
].find(([command, ...flags]) => spawnSync(command!, [...flags, "true"]).status === 0);

/** How `offline` keeps the network away, for the name of the test. */
export const isolatedBy = isolation ? "no network" : "proxies that do not answer";

/** Runs a command that finds no network. */
export function offline(command: string, args: readonly string[], cwd: string): Outcome {
  if (isolation) return run(isolation[0]!, [...isolation.slice(1), command, ...args], cwd);
  const nowhere = "http://127.0.0.1:9";
  return run(command, args, cwd, { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, npm_config_offline: "true" });
}

/** A command that `node_modules/.bin` has, as a shell would find it. */
export function binOf(folder: string, name: string): string {
  return join(folder, "node_modules", ".bin", process.platform === "win32" ? `${name}.cmd` : name);
}

/** Every file that a program evaluates, dependencies included, as Node's own coverage record lists them. */
export function filesLoadedBy(code: string, folder: string): readonly string[] {
  const record = join(folder, `.loaded-${process.hrtime.bigint()}`);
  const { status, stderr } = run(process.execPath, ["--input-type=module", "--eval", code], folder, {
    NODE_V8_COVERAGE: record,
  });
  if (status !== 0) throw new Error(`${code} failed:\n${stderr}`);
  const [file] = readdirSync(record);
  const { result }: { result: readonly { readonly url: string }[] } = JSON.parse(
    readFileSync(join(record, file!), "utf8"),
  );
  return result.map(({ url }) => url).filter((url) => url.startsWith("file:") && !url.includes("[eval"));
}

function run(command: string, args: readonly string[], cwd: string, extra: Record<string, string> = {}): Outcome {
  // What the surrounding npm or vitest says about itself must not reach the consumer.
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle)|VITEST|NODE_OPTIONS)/.test(name),
  );
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    shell: process.platform === "win32" && !command.endsWith(".exe"),
    env: { ...Object.fromEntries(own), ...extra, NO_COLOR: "1" },
  });
  return { status, stdout: stdout ?? "", stderr: `${error ?? ""}${stderr ?? ""}` };
}
