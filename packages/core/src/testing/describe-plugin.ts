import { type PluginCheckOptions, pluginChecks } from "../checks/plugin-checks.js";
import type { Plugin } from "../contracts/plugin.js";
import { describeChecks } from "./describe-checks.js";

/**
 * What a plugin and each of its entries owe, as a vitest suite: the same checks as `semblance check`.
 *
 * ```text
 * describePlugin(myPlugin, { catalogue: () => createCatalogue([geminiPlugin]) });
 * ```
 */
export function describePlugin(plugin: Plugin, options: PluginCheckOptions = {}): void {
  describeChecks(`plugin ${plugin.name}`, pluginChecks(plugin, options));
}
