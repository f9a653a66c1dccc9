import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** The path of a file outside the repository that tests judge by; SEMBLANCE_SHARED says where such files lie. */
export function sharedPath(path: string): string {
  return fileURLToPath(new URL(`${process.env.SEMBLANCE_SHARED ?? "../shared"}/${path}`, `file://${repository}`));
}

/** Why a test that reads `path` cannot run, or undefined. */
export function missing(path: string): string | undefined {
  return existsSync(sharedPath(path)) ? undefined : `${path} is not in the shared folder (set SEMBLANCE_SHARED)`;
}

export function readShared(path: string): string {
  return readFileSync(sharedPath(path), "utf8");
}
