import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runCommandLine } from "../../src/command-line.js";

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** The command in this process, with what it printed. */
export async function run(...args: string[]): Promise<Ran> {
  return await runInterruptibly(args);
}

/** The command in this process, and a way to interrupt it: `interrupt` is called with what has been printed so far. */
export async function runInterruptibly(
  args: readonly string[],
  interruptWhen?: (err: string) => boolean,
): Promise<Ran> {
  let out = "";
  let err = "";
  let listener: (() => void) | undefined;
  const status = await runCommandLine(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
      if (!interruptWhen?.(err)) return;
      const once = listener;
      listener = undefined;
      once?.();
    },
    interactive: interruptWhen !== undefined,
    colors: { out: false, err: false },
    onInterrupt: (given) => {
      listener = given;
      return () => {
        listener = undefined;
      };
    },
  });
  return { status, out, err };
}

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A file of that name and content in a temporary folder. */
export async function temporaryFile(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}

/** The parts of a printed error, or undefined where none was printed. Paths of temporary folders are cut out. */
export function errorIn({ err }: Pick<Ran, "err">) {
  const match =
    /^error\[(?<code>[A-Z_]+)\]: (?<message>.+)(?:\n {2}where: (?<where>.+))?(?:\n {2}fix: (?<fix>.+))?\n/m.exec(err);
  if (!match?.groups) return undefined;
  const { code, message, where, fix } = match.groups;
  const clean = (text: string | undefined) => text?.replaceAll(/\/\S*semblance-cli-[^/\s]+\//g, "…/");
  return { code, message: clean(message), where: clean(where), fix: clean(fix) };
}

/** Three groups of points at the corners of a triangle. */
export const POINTS = `x,y,group\n${Array.from({ length: 30 }, (_, row) => {
  const group = row % 3;
  return `${10 * group + (row % 7) / 10},${(group === 1 ? 9 : 0) + (row % 4) / 10},${"abc"[group]}`;
}).join("\n")}\n`;

/** Options that make `cluster` quick. */
export const QUICK = [
  "--clusters",
  "3",
  "--epochs",
  "3",
  "--backend",
  "reference",
  "--quiet",
  "--set",
  "model.hidden=[4]",
];
