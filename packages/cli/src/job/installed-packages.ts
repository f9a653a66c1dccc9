import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The packages that can be named from a folder: what lies in the node_modules of it and of the folders above. */
export async function installedPackages(folder: string): Promise<string[]> {
  const names = new Set<string>();
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    for (const name of await readdir(modules).catch(() => [])) {
      if (name.startsWith(".")) continue;
      if (!name.startsWith("@")) names.add(name);
      else for (const inner of await readdir(join(modules, name)).catch(() => [])) names.add(`${name}/${inner}`);
    }
    if (dirname(at) === at) return [...names];
  }
}
