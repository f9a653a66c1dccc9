import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const CONDITIONS = new Set(["node", "import", "module-sync", "default"]);

/** What of a package.json is read. */
export interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly exports?: unknown;
  readonly main?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package that lies in a folder. */
export interface InstalledPackage {
  readonly root: string;
  readonly manifest: Manifest;
}

/**
 * A package found from `folder` as `import` would find it: Node has no such function for another folder than the asking module's
 * before version 22, and `require.resolve` refuses packages that only know `import`. Undefined when no folder above has it.
 */
export async function findPackage(name: string, folder: string): Promise<InstalledPackage | undefined> {
  const own = await packageAround(folder);
  if (own?.manifest.name === name) return own;
  for (let at = folder; ; at = dirname(at)) {
    const found = await packageAt(join(at, "node_modules", name));
    if (found) return found;
    if (dirname(at) === at) return undefined;
  }
}

/** The package that a folder belongs to: from inside, it is found by its own name. */
export async function packageAround(folder: string): Promise<InstalledPackage | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    // One that cannot be read is no concern of who asks for another package.
    const found = await packageAt(at).catch(() => undefined);
    if (found || dirname(at) === at) return found;
  }
}

/** The package whose package.json lies in this folder. Links are followed: what it imports is looked for from where it really is. */
export async function packageAt(folder: string): Promise<InstalledPackage | undefined> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : { root: await realpath(folder), manifest: JSON.parse(text) as Manifest };
}

/**
 * The URL of a package's main module.
 *
 * @throws Error when it has none, or the file is missing
 */
export async function mainModuleOf({ root, manifest }: InstalledPackage): Promise<string> {
  const target = manifest.exports === undefined ? legacyMain(manifest) : exported(manifest.exports);
  if (target === undefined) throw new Error(`${root} exports no main module`);
  const path = join(root, target);
  await stat(path);
  return pathToFileURL(path).href;
}

const legacyMain = ({ main }: Manifest) => (typeof main === "string" && main !== "" ? main : "index.js");

function exported(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  if (Array.isArray(target)) return target.map(exported).find((found) => found !== undefined);
  if (typeof target !== "object" || target === null) return undefined;
  if ("." in target) return exported(target["."]);
  for (const [condition, inner] of Object.entries(target)) {
    const found = CONDITIONS.has(condition) ? exported(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
