import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PathOutcome } from "./path-outcome.js";

/** The path that a run folder tells of; undefined where it does not, or not in full. */
export async function readPath(run: string): Promise<PathOutcome | undefined> {
  try {
    return JSON.parse(await readFile(join(run, "path.json"), "utf8")) as PathOutcome;
  } catch {
    // A run that was killed has none, and its report does without.
    return undefined;
  }
}
