import { resolve } from "node:path";
import { type Entry, jsonSchemaOf } from "@semblance/core";
import { digestOf, readModelFile } from "@semblance/models/node";
import type { JobSource } from "./job-source.js";
import { locateFile } from "./locate-files.js";

/** What a schema says of a key that names a file: `z.string().meta({ format: "file-path" })`. */
const FILE = "file-path";

/**
 * Finds the files that a component names from the job's folder. Where it has a key `sha256` too, the digest of its file is noted, so
 * that a run is of that file, wherever it lies.
 *
 * @throws DataError FILE_NOT_FOUND, FILE_UNREADABLE, FILE_CHANGED
 */
export function withFiles(
  entry: Entry,
  config: Readonly<Record<string, unknown>>,
  { folder, locate }: Pick<JobSource, "folder" | "locate">,
  keys: readonly string[],
): Record<string, unknown> {
  const properties = jsonSchemaOf(entry.config).properties ?? {};
  const found = { ...config };
  for (const [key, node] of Object.entries(properties)) {
    const value = config[key];
    if ((node as { readonly format?: string }).format !== FILE || typeof value !== "string") continue;
    const path = resolve(folder, value);
    found[key] = path;
    if ("sha256" in properties && config.sha256 === undefined) {
      try {
        found.sha256 = digestOf(readModelFile(path));
      } catch (error) {
        throw locateFile(error, locate([...keys, key]), folder);
      }
    }
  }
  return found;
}

/** A component without the path of a file whose digest it notes: the content is what makes a run. */
export function withoutPaths<Component extends Readonly<Record<string, unknown>>>(component: Component): Component {
  if (typeof component.sha256 !== "string") return component;
  const { file: _, ...rest } = component;
  return rest as unknown as Component;
}
