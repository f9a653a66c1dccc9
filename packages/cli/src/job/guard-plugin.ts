import { type Entry, isSemblanceError, type Plugin } from "@semblance/core";
import { pluginFailed } from "./plugin-errors.js";
import { folderOf } from "./plugin-folders.js";

/**
 * A plugin of somebody else's whose errors say whose they are: whatever its entries throw that is no error of Semblance's becomes a
 * PluginError PLUGIN_FAILED with the names of plugin, entry and function.
 */
export function guardPlugin(plugin: Plugin): Plugin {
  if (!isObject(plugin)) return plugin;
  const { name, version, core } = plugin;
  const root = folderOf(plugin);
  return {
    name,
    version,
    core,
    register: (registry) =>
      plugin.register({
        add: (entry) => registry.add(isObject(entry) ? guarded(entry, { name, version }, root) : entry),
      }),
  };
}

function guarded(entry: Entry, { name, version }: Pick<Plugin, "name" | "version">, root: string | undefined): Entry {
  const whose = `${entry.kind} "${entry.name}", plugin "${name}" ${version}`;
  const failed = (key: string) => (cause: unknown) =>
    isSemblanceError(cause) ? cause : pluginFailed(name, root, `${key} of ${whose}`, cause);
  const copy = guardedObject(entry, failed);
  if (entry.kind !== "sampler" && entry.kind !== "regulariser") return copy;
  // What a sampler or a regulariser makes goes on working for as long as the run.
  const { create } = copy as unknown as { create(...given: readonly unknown[]): object };
  const value = (...given: readonly unknown[]) => guardedObject(create(...given), failed);
  return Object.defineProperty(copy, "create", { value });
}

/** The same object, whose functions tell what they throw. What is computed on reading is computed then. */
function guardedObject<T extends object>(object: T, failed: (key: string) => (cause: unknown) => unknown): T {
  const copy = Object.create(Object.getPrototypeOf(object)) as T;
  for (const [key, { value, get }] of membersOf(object)) {
    const read = get ? () => Reflect.get(object, key) : undefined;
    const guard = typeof value === "function" ? guardedFunction(value.bind(object), failed(key)) : value;
    Object.defineProperty(copy, key, {
      enumerable: true,
      configurable: true,
      ...(read ? { get: read } : { value: guard }),
    });
  }
  return copy;
}

function guardedFunction(run: (...given: unknown[]) => unknown, failed: (cause: unknown) => unknown) {
  return (...given: unknown[]) => {
    let result: unknown;
    try {
      result = run(...given);
    } catch (cause) {
      throw failed(cause);
    }
    if (!(result instanceof Promise)) return result;
    return result.catch((cause: unknown) => {
      throw failed(cause);
    });
  };
}

/** What an object has of its own and by its class; what is its own comes first. */
function membersOf(object: object): Map<string, PropertyDescriptor> {
  const members = new Map<string, PropertyDescriptor>();
  for (let at: object | null = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [key, member] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (key !== "constructor" && !members.has(key)) members.set(key, member);
    }
  }
  return members;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
