import satisfies from "semver/functions/satisfies.js";
import valid from "semver/functions/valid.js";
import validRange from "semver/ranges/valid.js";
import type { DependencyContainer } from "tsyringe";
import type { BackendEntry } from "../contracts/backend-entry.js";
import type { DatasetEntry } from "../contracts/dataset-entry.js";
import type { Distance } from "../contracts/distance.js";
import type { Divergence } from "../contracts/divergence.js";
import { type ComponentReference, type Entry, KINDS, type Kind } from "../contracts/entry.js";
import type { Kernel } from "../contracts/kernel.js";
import type { Loss } from "../contracts/loss.js";
import type { Measure } from "../contracts/measure.js";
import type { Miner } from "../contracts/miner.js";
import type { Model } from "../contracts/model.js";
import type { Optimizer } from "../contracts/optimizer.js";
import type { Plugin } from "../contracts/plugin.js";
import type { Regulariser } from "../contracts/regulariser.js";
import type { Sampler } from "../contracts/sampler.js";
import type { Schedule } from "../contracts/schedule.js";
import type { TransportSolver } from "../contracts/transport-solver.js";
import { ConfigError, PluginError } from "../errors.js";
import { VERSION } from "../version.js";
import { nearNames, suggest } from "./near-names.js";
import { parseConfig } from "./parse-config.js";
import { ENTRY } from "./tokens.js";

/** The type of an entry by its kind. */
export interface EntryOf extends Record<Kind, Entry> {
  loss: Loss;
  divergence: Divergence;
  kernel: Kernel;
  distance: Distance;
  model: Model;
  sampler: Sampler;
  miner: Miner;
  optimizer: Optimizer;
  regulariser: Regulariser;
  schedule: Schedule;
  backend: BackendEntry;
  measure: Measure;
  dataset: DatasetEntry;
  "optimal-transport": TransportSolver;
}

/** An entry with its configuration checked and completed. */
export interface Chosen<K extends Kind> {
  readonly entry: EntryOf[K];
  // biome-ignore lint/suspicious/noExplicitAny: an entry and its configuration belong together, which the kind alone cannot say.
  readonly config: any;
  /** Where it was chosen, and what it is composed of can be looked up. */
  readonly catalogue?: Catalogue;
}

interface Registered {
  readonly entry: Entry;
  readonly plugin: Plugin;
}

/** Everything that can be chosen by name, and who brought it. Entries live in the container that it is made with. */
export class Catalogue {
  readonly #plugins = new Map<string, Plugin>();

  constructor(private readonly container: DependencyContainer) {}

  /**
   * Registers a plugin: all of its entries, or none where one of them cannot be.
   *
   * @throws PluginError PLUGIN_INVALID, PLUGIN_TWICE, CORE_VERSION_MISMATCH, NAME_TAKEN, ENTRY_INVALID, SCHEMA_FOREIGN, PLUGIN_FAILED
   */
  use(plugin: Plugin): this {
    this.#checkPlugin(plugin);
    const added: Entry[] = [];
    const where = `plugin "${plugin.name}" ${plugin.version}`;
    let result: unknown;
    try {
      result = plugin.register({
        add: (entry) => {
          this.#checkEntry(entry, plugin, added);
          added.push(entry);
        },
      });
    } catch (cause) {
      if (cause instanceof PluginError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new PluginError("PLUGIN_FAILED", `plugin "${plugin.name}" failed while registering: ${reason}`, {
        where,
        cause,
      });
    }
    if (result instanceof Promise) {
      result.catch(() => {});
      throw new PluginError("PLUGIN_FAILED", `plugin "${plugin.name}" registers asynchronously`, {
        where,
        fix: "Make register a plain function: what it adds after it returned is lost.",
      });
    }
    for (const entry of added) {
      this.container.register<Registered>(entryToken(entry.kind), { useValue: { entry, plugin } });
    }
    this.#plugins.set(plugin.name, plugin);
    return this;
  }

  plugins(): Plugin[] {
    return [...this.#plugins.values()];
  }

  list<K extends Kind>(kind: K): EntryOf[K][] {
    return this.#registered(kind)
      .map(({ entry }) => entry as EntryOf[K])
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The plugin that brought an entry. */
  pluginOf(entry: Entry): Plugin | undefined {
    return this.#registered(entry.kind).find((registered) => registered.entry === entry)?.plugin;
  }

  /** @throws ConfigError NAME_UNKNOWN, with near names. */
  get<K extends Kind>(kind: K, name: string, where: string = kind): EntryOf[K] {
    const found = this.#registered(kind).find(({ entry }) => entry.name === name);
    if (found) return found.entry as EntryOf[K];
    const names = this.list(kind).map((entry) => entry.name);
    throw new ConfigError("NAME_UNKNOWN", `there is no ${kind} named "${name}"`, {
      where,
      fix: familyUnknown(name, names) ?? suggest(name, names),
    });
  }

  /** Looks up a component and checks its own keys. */
  choose<K extends Kind>(kind: K, reference: ComponentReference, where: string = kind): Chosen<K> {
    const { name, ...keys } = typeof reference === "string" ? { name: reference } : reference;
    const entry = this.get(kind, name, where);
    return { entry, config: parseConfig(entry.config, keys, `${where} (${kind} "${name}")`), catalogue: this };
  }

  #registered(kind: Kind): Registered[] {
    const token = entryToken(kind);
    return this.container.isRegistered(token, true) ? this.container.resolveAll<Registered>(token) : [];
  }

  #checkPlugin(plugin: Plugin): void {
    const malformed =
      typeof plugin !== "object" ||
      plugin === null ||
      typeof plugin.name !== "string" ||
      typeof plugin.register !== "function" ||
      !valid(plugin.version);
    if (malformed) {
      throw new PluginError("PLUGIN_INVALID", "a plugin needs a name, a version and a register function", {
        where: `plugin ${String((plugin as Plugin | null)?.name ?? plugin)}`,
        fix: "Export the result of definePlugin({ name, version, core, register }).",
      });
    }
    const where = `plugin "${plugin.name}" ${plugin.version}`;
    const earlier = this.#plugins.get(plugin.name);
    if (earlier) {
      throw new PluginError(
        "PLUGIN_TWICE",
        `plugin "${plugin.name}" is registered twice: ${earlier.version} and ${plugin.version}`,
        {
          where,
          fix: "Name it once.",
        },
      );
    }
    if (!validRange(plugin.core) || !satisfies(VERSION, plugin.core, { includePrerelease: true })) {
      throw new PluginError(
        "CORE_VERSION_MISMATCH",
        `plugin "${plugin.name}" ${plugin.version} asks for @semblance/core ${plugin.core}, and this is @semblance/core ${VERSION}`,
        { where, fix: "Install the version of the plugin that belongs to this core, or the core that it asks for." },
      );
    }
  }

  #checkEntry(entry: Entry, plugin: Plugin, added: readonly Entry[]): void {
    const where = `plugin "${plugin.name}" ${plugin.version}`;
    const valid =
      typeof entry === "object" &&
      entry !== null &&
      KINDS.includes(entry.kind) &&
      /^[a-z0-9]+([-/][a-z0-9]+)*$/.test(entry.name) &&
      typeof entry.config?.safeParse === "function";
    if (!valid) {
      throw new PluginError("ENTRY_INVALID", `"${String(entry?.name)}" is not a registrable ${String(entry?.kind)}`, {
        where,
        fix: `Make it with a define… function: a kind (${KINDS.join(", ")}), a kebab-case name and a config schema.`,
      });
    }
    // A schema of zod 3 has safeParse too, but neither JSON Schema nor messages could be had of it later.
    if (!("_zod" in entry.config)) {
      throw new PluginError("SCHEMA_FOREIGN", `the config of ${entry.kind} "${entry.name}" is no schema of zod 4`, {
        where,
        fix: 'Make it with zod 4: "zod": "^4.0.0" under dependencies; any copy of it will do.',
      });
    }
    const holder = added.some((other) => other.kind === entry.kind && other.name === entry.name)
      ? plugin
      : this.#registered(entry.kind).find((registered) => registered.entry.name === entry.name)?.plugin;
    if (holder) {
      throw new PluginError(
        "NAME_TAKEN",
        `two plugins claim the ${entry.kind} "${entry.name}": "${holder.name}" ${holder.version} and "${plugin.name}" ${plugin.version}`,
        { where, fix: "Leave one of the two out, or ask its author for a name of its own." },
      );
    }
  }
}

/** One token for each kind. */
function entryToken(kind: Kind): symbol {
  return Symbol.for(`${Symbol.keyFor(ENTRY)}:${kind}`);
}

/** Names before the slash that nothing here has are probably a plugin's that was not named. */
function familyUnknown(name: string, names: readonly string[]): string | undefined {
  const slash = name.indexOf("/");
  const family = name.slice(0, slash + 1);
  if (slash < 1 || nearNames(name, names).length > 0 || names.some((other) => other.startsWith(family)))
    return undefined;
  return `Nothing here is named ${family}…: if a package brings it, name that (plugins: [PACKAGE] in a job, --plugin PACKAGE).`;
}
