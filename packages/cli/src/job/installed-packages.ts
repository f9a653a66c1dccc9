import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packageAt } from "./resolve-package.js";

/** The plugins that can be named from a folder: what lies in the node_modules of it and of those above, and asks for core. */
export async function installedPlugins(folder: string): Promise<string[]> {
  const names = new Set<string>();
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    for (const name of await packagesIn(modules)) if (await asksForCore(join(modules, name))) names.add(name);
    if (dirname(at) === at) return [...names];
  }
}

async function packagesIn(modules: string): Promise<string[]> {
  const found = (await readdir(modules).catch(() => [])).filter((name) => !name.startsWith("."));
  const nested = found.map(async (name) => {
    if (!name.startsWith("@")) return [name];
    return (await readdir(join(modules, name)).catch(() => [])).map((inner) => `${name}/${inner}`);
  });
  return (await Promise.all(nested)).flat();
}

async function asksForCore(folder: string): Promise<boolean> {
  const manifest = (await packageAt(folder).catch(() => undefined))?.manifest;
  const asked = { ...manifest?.dependencies, ...manifest?.peerDependencies };
  return asked["@semblance/core"] !== undefined;
}
