import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const shared = resolve(root, process.env.SEMBLANCE_SHARED ?? "../shared");

export const sharedData = (path: string) => resolve(shared, "data", path);

/** Why tests on shared data are skipped, or undefined when the data are there. */
export const sharedDataMissing = existsSync(sharedData("README.md"))
  ? undefined
  : `no data in ${shared}; set SEMBLANCE_SHARED`;
