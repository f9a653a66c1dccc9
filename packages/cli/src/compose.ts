import { ortPlugin } from "@semblance/backend-ort";
import { tfjsPlugin } from "@semblance/backend-tfjs/node";
import { createContainer, type Plugin } from "@semblance/core";
import { dataPlugin } from "@semblance/data";
import { evalPlugin } from "@semblance/eval";
import { bregmanPlugin } from "@semblance/losses-bregman";
import { clusteringPlugin } from "@semblance/losses-clustering";
import { geminiPlugin } from "@semblance/losses-gemini";
import { metricPlugin } from "@semblance/losses-metric";
import { modelsPlugin } from "@semblance/models";
import { onnxFilesPlugin } from "@semblance/models/node";
import { guardPlugin } from "./job/guard-plugin.js";

/** What the command brings along. */
export const firstPartyPlugins: readonly Plugin[] = [
  modelsPlugin,
  onnxFilesPlugin,
  geminiPlugin,
  bregmanPlugin,
  clusteringPlugin,
  metricPlugin,
  dataPlugin,
  evalPlugin,
  ortPlugin,
  tfjsPlugin,
];

export type Container = ReturnType<typeof createContainer>;

/**
 * The one place where the application is put together: a container with the first-party plugins and those that a job names. Every
 * run has one of its own, so that what it registers is gone with it. What the entries of a given plugin throw is told as its fault.
 *
 * @throws PluginError NAME_TAKEN, PLUGIN_TWICE, CORE_VERSION_MISMATCH, PLUGIN_INVALID, ENTRY_INVALID, PLUGIN_FAILED
 */
export function compose(plugins: readonly Plugin[] = []): Container {
  return createContainer([...firstPartyPlugins, ...plugins.map(guardPlugin)]);
}

/** What need not be named: it comes with the command. */
export const OWN_PLUGINS: ReadonlySet<string> = new Set([
  "@semblance/core",
  ...firstPartyPlugins.map(({ name }) => name),
]);
