import { isSemblanceError, type Plugin } from "@semblance/core";
import { installedPlugins } from "./installed-packages.js";
import {
  pluginExits,
  pluginImportFailed,
  pluginImportStuck,
  pluginMainMissing,
  pluginNameInvalid,
  pluginNotAPlugin,
  pluginNotFound,
} from "./plugin-errors.js";
import { rememberFolder } from "./plugin-folders.js";
import { requireSameCore } from "./require-same-core.js";
import { findPackage, type InstalledPackage, mainModuleOf } from "./resolve-package.js";

/** A path, and not the name of a package. */
export const isPath = (text: string) => /^(?:\.|[\\/]|[A-Za-z]:)/.test(text);

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const PATIENCE_SECONDS = 30;

/**
 * Imports plugin packages that are installed where `folder` finds them. Nothing is fetched.
 *
 * @throws PluginError PLUGIN_NAME_INVALID, PLUGIN_NOT_FOUND, PLUGIN_MAIN_MISSING, CORE_VERSIONS_MIXED, PLUGIN_IMPORT_FAILED,
 *         PLUGIN_IMPORT_STUCK, PLUGIN_EXITS, PLUGIN_INVALID
 */
export async function loadPlugins(names: readonly string[], folder: string): Promise<Plugin[]> {
  const plugins: Plugin[] = [];
  for (const name of names) plugins.push(await importPlugin(name, await locatePlugin(name, folder)));
  return plugins;
}

/** @throws PluginError PLUGIN_NAME_INVALID, PLUGIN_NOT_FOUND */
export async function locatePlugin(name: string, folder: string): Promise<InstalledPackage> {
  if (!PACKAGE_NAME.test(name)) throw pluginNameInvalid(name);
  const found = await findPackage(name, folder).catch((cause: unknown) => {
    throw pluginMainMissing(name, cause);
  });
  if (!found) throw pluginNotFound(name, folder, await installedPlugins(folder));
  return found;
}

/** @throws PluginError PLUGIN_MAIN_MISSING, CORE_VERSIONS_MIXED, PLUGIN_IMPORT_FAILED, PLUGIN_IMPORT_STUCK, PLUGIN_EXITS, PLUGIN_INVALID */
export async function importPlugin(name: string, located: InstalledPackage): Promise<Plugin> {
  await requireSameCore(name, located);
  const url = await mainModuleOf(located).catch((cause: unknown) => {
    throw pluginMainMissing(name, cause);
  });
  const loaded = await imported(name, url, located.root);
  const plugin = (loaded as { default?: unknown }).default;
  if (typeof plugin !== "object" || plugin === null || !("register" in plugin)) throw pluginNotAPlugin(name);
  rememberFolder(plugin as Plugin, located.root);
  return plugin as Plugin;
}

async function imported(name: string, url: string, root: string): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  // A module that waits for what never happens would let the process end without a word, and so would one that ends it.
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(pluginImportStuck(name, PATIENCE_SECONDS)), PATIENCE_SECONDS * 1000);
  });
  const exit = process.exit;
  process.exit = () => {
    throw pluginExits(name);
  };
  try {
    return await Promise.race([
      import(url).catch((cause: unknown) => {
        throw isSemblanceError(cause) && cause.code === "PLUGIN_EXITS" ? cause : pluginImportFailed(name, root, cause);
      }),
      patience,
    ]);
  } finally {
    clearTimeout(timer);
    process.exit = exit;
  }
}
