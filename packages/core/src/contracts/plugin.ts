import type { Entry } from "./entry.js";

/** What a plugin is given to add to. */
export interface Registry {
  /** @throws PluginError NAME_TAKEN, ENTRY_INVALID */
  add(entry: Entry): void;
}

/** A package's contribution. Importing it changes nothing; it acts when it is registered. */
export interface Plugin {
  /** The npm package's name. */
  readonly name: string;
  readonly version: string;
  /** Versions of core that it works with, as an npm range. */
  readonly core: string;
  register(registry: Registry): void;
}

export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
