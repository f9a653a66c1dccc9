import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type Override, override } from "./overrides.js";
import { readYaml } from "./read-yaml.js";
import { jobMissing, jobNotText, jobTooLarge, jobUnreadable } from "./yaml-errors.js";

const LARGEST_BYTES = 2 ** 18;

/** What was asked for, before it is checked, and where each part of it was asked for. */
export interface JobSource {
  /** What messages call it. */
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** The folder that relative paths and plugins are found from. */
  readonly folder: string;
  /** `job.yaml:7, key "loss.kernel"`, or the option that set the key. */
  locate(path: readonly PropertyKey[]): string;
  /** What to write for a key that is missing, where it is not a line of the job. */
  addBy?(key: string): string;
}

/**
 * Reads a job file and applies `--set` overrides to it.
 *
 * @throws ConfigError JOB_NOT_FOUND, JOB_UNREADABLE, JOB_TOO_LARGE, JOB_NOT_TEXT, SET_INVALID, those of `readYaml`
 */
export async function readJobFile(path: string, overrides: readonly Override[] = []): Promise<JobSource> {
  const yaml = readYaml(await readText(path), path);
  return override(
    {
      name: path,
      value: yaml.value,
      folder: dirname(resolve(path)),
      locate(keys) {
        const line = yaml.lineOf(keys);
        const file = line === undefined ? path : `${path}:${line}`;
        return keys.length === 0 ? file : `${file}, key "${keys.map(String).join(".")}"`;
      },
    },
    overrides,
  );
}

/** A job that a program or the options of a command describe. */
export function jobFrom(
  value: Readonly<Record<string, unknown>>,
  { name, folder }: { readonly name: string; readonly folder: string },
): JobSource {
  const locate = (keys: readonly PropertyKey[]) =>
    keys.length === 0 ? name : `${name}, key "${keys.map(String).join(".")}"`;
  return { name, value, folder, locate };
}

async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw jobMissing(path, cause);
    if (code === "EISDIR") throw jobUnreadable(path, "it is a folder", cause);
    throw jobUnreadable(path, code ?? (cause as Error).message, cause);
  }
  if (bytes.length > LARGEST_BYTES) throw jobTooLarge(path, LARGEST_BYTES);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.includes("\u0000")) throw jobNotText(path);
    return text;
  } catch {
    throw jobNotText(path);
  }
}
