import type { Catalogue } from "../container/catalogue.js";
import { createCatalogue } from "../container/create-catalogue.js";
import type { Entry } from "../contracts/entry.js";
import type { Plugin } from "../contracts/plugin.js";
import { requireThat } from "./assertions.js";
import type { Check } from "./check.js";
import { checksOf } from "./checks-of.js";
import type { NamedBackends } from "./named-backends.js";

export interface PluginCheckOptions {
  /** Backends that entries are run on; the reference alone by default. */
  readonly backends?: NamedBackends;
  /** A new catalogue with the plugins that this one builds on (kernels, divergences …), and without this one. */
  readonly catalogue?: () => Catalogue;
}

/**
 * Everything that a plugin owes: that it registers cleanly and registers something, and then the checks of each of its entries by
 * their kinds. A plugin that cannot be registered is a check that fails, never an error here.
 */
export function pluginChecks(plugin: Plugin, options: PluginCheckOptions = {}): Check[] {
  const { backends, catalogue: makeCatalogue = () => createCatalogue() } = options;
  const group = `plugin ${String((plugin as Plugin | null)?.name ?? plugin)}`;
  let catalogue: Catalogue;
  const entries: Entry[] = [];
  try {
    catalogue = makeCatalogue().use(recording(plugin, entries));
  } catch (error) {
    return [{ group, title: "registers", run: () => Promise.reject(error) }];
  }
  return [
    {
      group,
      title: "registers",
      async run() {
        requireThat(entries.length > 0, "CHECK_VALUE_WRONG", `${group} registers nothing`, {
          where: group,
          fix: "Call registry.add(entry) in its register function.",
        });
      },
    },
    {
      group,
      title: "registers the same entries every time",
      async run() {
        const again: Entry[] = [];
        makeCatalogue().use(recording(plugin, again));
        const names = (list: readonly Entry[]) => list.map(({ kind, name }) => `${kind} ${name}`).join(", ");
        requireThat(
          names(again) === names(entries),
          "CHECK_NOT_DETERMINISTIC",
          `${group} registers ${names(entries)} first and ${names(again)} then`,
          {
            where: group,
            fix: "Registering must depend on nothing but the registry: no module state, clock or environment.",
          },
        );
      },
    },
    ...entries.flatMap((entry) => checksOf(entry, { catalogue, ...(backends ? { backends } : {}) })),
  ];
}

/** The plugin, with what it adds written down. */
function recording(plugin: Plugin, entries: Entry[]): Plugin {
  if (typeof plugin !== "object" || plugin === null || typeof plugin.register !== "function") return plugin;
  return {
    name: plugin.name,
    version: plugin.version,
    core: plugin.core,
    register: (registry) =>
      plugin.register({
        add(entry) {
          registry.add(entry);
          entries.push(entry);
        },
      }),
  };
}
