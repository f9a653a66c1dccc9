import { type Entry, isSemblanceError, type Plugin, PluginError, type SemblanceError } from "@semblance/core";

/**
 * A plugin of somebody else's whose errors say whose they are: whatever its entries throw that is no error of Semblance's becomes a
 * PluginError PLUGIN_FAILED with the names of plugin, entry and function.
 */
export function guardPlugin(plugin: Plugin): Plugin {
  if (!isObject(plugin)) return plugin;
  const { name, version, core } = plugin;
  return {
    name,
    version,
    core,
    register: (registry) =>
      plugin.register({
        add: (entry) => registry.add(isObject(entry) ? guarded(entry, { name, version }) : entry),
      }),
  };
}

function guarded(entry: Entry, { name, version }: Pick<Plugin, "name" | "version">): Entry {
  const copy: Record<string, unknown> = Object.create(Object.getPrototypeOf(entry));
  Object.assign(copy, entry);
  for (const key of functionsOf(entry)) {
    const where = `${key} of ${entry.kind} "${entry.name}", plugin "${name}" ${version}`;
    const failed = (cause: unknown) => (isSemblanceError(cause) ? cause : pluginFailed(name, where, cause));
    copy[key] = (...given: unknown[]) => {
      let result: unknown;
      try {
        result = Reflect.apply((entry as never as Record<string, () => unknown>)[key]!, entry, given);
      } catch (cause) {
        throw failed(cause);
      }
      if (!(result instanceof Promise)) return result;
      return result.catch((cause: unknown) => {
        throw failed(cause);
      });
    };
  }
  return copy as never as Entry;
}

/** The functions that an entry has, of its own or by its class. */
function functionsOf(entry: Entry): string[] {
  const keys = new Set<string>();
  for (let at: object | null = entry; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === "function" && key !== "constructor") keys.add(key);
    }
  }
  return [...keys];
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

function pluginFailed(name: string, where: string, cause: unknown): SemblanceError {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new PluginError("PLUGIN_FAILED", `plugin "${name}" failed: ${reason}`, {
    where,
    fix: `Report it to the package's author; semblance check ${name} says more.`,
    cause,
  });
}
