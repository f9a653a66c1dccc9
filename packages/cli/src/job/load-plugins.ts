import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Plugin } from "@semblance/core";
import {
  pluginImportFailed,
  pluginImportStuck,
  pluginNameInvalid,
  pluginNotAPlugin,
  pluginNotFound,
} from "./plugin-errors.js";
import { resolvePackage } from "./resolve-package.js";

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const PATIENCE_SECONDS = 30;

/**
 * Imports plugin packages that are installed where `folder` finds them. Nothing is fetched.
 *
 * @throws PluginError PLUGIN_NAME_INVALID, PLUGIN_NOT_FOUND, PLUGIN_IMPORT_FAILED, PLUGIN_IMPORT_STUCK, PLUGIN_INVALID
 */
export async function loadPlugins(names: readonly string[], folder: string): Promise<Plugin[]> {
  const plugins: Plugin[] = [];
  for (const name of names) plugins.push(await loadPlugin(name, folder));
  return plugins;
}

async function loadPlugin(name: string, folder: string): Promise<Plugin> {
  if (!PACKAGE_NAME.test(name)) throw pluginNameInvalid(name);
  let url: string;
  try {
    url = await resolvePackage(name, folder);
  } catch (cause) {
    throw pluginNotFound(name, folder, await installedPackages(folder), cause);
  }
  const loaded = await imported(name, url);
  const plugin = (loaded as { default?: unknown }).default;
  if (typeof plugin !== "object" || plugin === null || !("register" in plugin)) throw pluginNotAPlugin(name);
  return plugin as Plugin;
}

async function imported(name: string, url: string): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  // A module that waits for what never happens would let the process end without a word.
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(pluginImportStuck(name, PATIENCE_SECONDS)), PATIENCE_SECONDS * 1000);
  });
  try {
    return await Promise.race([
      import(url).catch((cause: unknown) => {
        throw pluginImportFailed(name, cause);
      }),
      patience,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** The packages that can be named from a folder: what lies in the node_modules of it and of the folders above. */
async function installedPackages(folder: string): Promise<string[]> {
  const names = new Set<string>();
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    for (const name of await readdir(modules).catch(() => [])) {
      if (name.startsWith(".")) continue;
      if (!name.startsWith("@")) names.add(name);
      else for (const inner of await readdir(join(modules, name)).catch(() => [])) names.add(`${name}/${inner}`);
    }
    if (dirname(at) === at) return [...names];
  }
}
