import { resolve } from "node:path";
import { type Entry, jsonSchemaOf } from "@semblance/core";
import { readSamplePairs } from "@semblance/data";
import type { JobSource } from "./job-source.js";
import { locateFile } from "./locate-files.js";

/** What a schema says of a key that names a file of must-link and cannot-link pairs, beside keys `mustLink` and `cannotLink`. */
const PAIRS = "sample-pairs";

/**
 * Puts the pairs of a file in the place of its name, behind those that are given: what a run is made of is the pairs, whatever becomes
 * of the file.
 *
 * @throws DataError FILE_NOT_FOUND and the other codes of `readSamplePairs`
 */
export async function withPairs<Component extends Readonly<Record<string, unknown>>>(
  entry: Entry,
  component: Component,
  { folder, locate }: Pick<JobSource, "folder" | "locate">,
  keys: readonly string[],
): Promise<Component> {
  const properties = jsonSchemaOf(entry.config).properties ?? {};
  const key = Object.keys(properties).find((name) => (properties[name] as { format?: string }).format === PAIRS);
  const file = key === undefined ? undefined : component[key];
  if (key === undefined || typeof file !== "string") return component;
  const { [key]: _, mustLink, cannotLink, ...rest } = component as Record<string, unknown>;
  try {
    const read = await readSamplePairs(resolve(folder, file));
    const joined = {
      mustLink: [...((mustLink as unknown[]) ?? []), ...read.mustLink],
      cannotLink: [...((cannotLink as unknown[]) ?? []), ...read.cannotLink],
    };
    return { ...rest, ...joined } as unknown as Component;
  } catch (error) {
    throw locateFile(error, locate([...keys, key]), folder);
  }
}
