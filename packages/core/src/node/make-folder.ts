import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it, from the first one that is there downwards.
 *
 * Not `mkdir` with `recursive`: on a file system that refuses with ENOENT, as /proc does, it tries for ever (Node 20).
 *
 * @throws what the system says of the first folder that cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isThere(at)); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      // Somebody else made it meanwhile.
      if (error.code !== "EEXIST") throw error;
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory() || fail(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** A file where a folder should be: what `mkdir` would say of the folder below it. */
function fail(path: string): never {
  throw Object.assign(new Error(`${path} is not a folder`), { code: "ENOTDIR" });
}
