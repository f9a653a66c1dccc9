import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const CONDITIONS = new Set(["node", "import", "module-sync", "default"]);

/**
 * The URL of a package's main module, found from `folder` as `import` would find it: Node has no such function for another folder
 * than the asking module's before version 22, and `require.resolve` refuses packages that only know `import`.
 *
 * @throws Error when no folder above has the package, or it has no main module.
 */
export async function resolvePackage(name: string, folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const root = join(at, "node_modules", name);
    const manifest = await readManifest(root);
    if (manifest) return pathToFileURL(await mainOf(root, manifest)).href;
    if (dirname(at) === at) throw new Error(`no node_modules above ${folder} has ${name}`);
  }
}

interface Manifest {
  readonly exports?: unknown;
  readonly main?: unknown;
}

async function readManifest(root: string): Promise<Manifest | undefined> {
  const text = await readFile(join(root, "package.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Manifest);
}

async function mainOf(root: string, manifest: Manifest): Promise<string> {
  const target = manifest.exports === undefined ? legacyMain(manifest) : exported(manifest.exports);
  if (target === undefined) throw new Error(`${root} exports no main module`);
  const path = join(root, target);
  await stat(path);
  return path;
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
