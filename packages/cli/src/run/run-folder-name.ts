import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";

/**
 * The next free `runs/NAME-N` below a folder. Numbers are never reused, so that the newest run has the largest.
 */
export async function nextRunFolder(folder: string, name: string): Promise<string> {
  const runs = join(folder, "runs");
  const taken = (await readdir(runs).catch(() => [] as string[])).flatMap((entry) => {
    const number = entry.startsWith(`${name}-`) ? entry.slice(name.length + 1) : "";
    return /^\d{1,9}$/.test(number) ? [Number(number)] : [];
  });
  return join(runs, `${name}-${Math.max(0, ...taken) + 1}`);
}

/** A name for the runs of a file: `iris` for `data/iris.csv.gz`, `digits` for `builtin:digits`. */
export function runName(source: string): string {
  const [stem = ""] = basename(source.replace(/^builtin:/, "")).split(".");
  return stem.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 60) || "run";
}
