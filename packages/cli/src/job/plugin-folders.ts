import { sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "@semblance/core";

/** Where the plugins that were imported lie. Beside them and not in them: a plugin is the package's own object. */
const folders = new WeakMap<Plugin, string>();

export const rememberFolder = (plugin: Plugin, root: string): void => void folders.set(plugin, root);

export const folderOf = (plugin: Plugin): string | undefined => folders.get(plugin);

/** Whether somebody works on it here: a package that was installed lies below a node_modules. */
export const isInWork = (root: string | undefined): boolean =>
  root !== undefined && !root.split(/[\\/]/).includes("node_modules");

/**
 * The first line of a stack that lies in a package's own files, such as `dist/index.js:3:7`; undefined where none does.
 *
 * @param root the package's folder, links followed
 */
export function ownFrame(cause: unknown, root: string | undefined): string | undefined {
  if (root === undefined || !(cause instanceof Error) || cause.stack === undefined) return undefined;
  const starts = [`${pathToFileURL(root).href}/`, `${root}${sep}`];
  for (const line of cause.stack.split("\n")) {
    const start = starts.find((candidate) => line.includes(candidate));
    if (start === undefined) continue;
    const own = line.slice(line.indexOf(start) + start.length).replace(/[?#][^:]*/, "");
    const place = /^(?!node_modules[\\/]).+?:\d+(?::\d+)?(?=\)?$)/.exec(own)?.[0];
    if (place !== undefined) return place;
  }
  return undefined;
}
