import { type Backend, type Catalogue, type ComponentReference, createCatalogue, type Plugin } from "@semblance/core";
import { samplersPlugin } from "@semblance/data/portable";
import { bregmanPlugin } from "@semblance/losses-bregman";
import { clusteringPlugin } from "@semblance/losses-clustering";
import { geminiPlugin } from "@semblance/losses-gemini";
import { metricPlugin } from "@semblance/losses-metric";
import { modelsPlugin } from "@semblance/models";
import { importOrt } from "./import-ort.js";

const firstParty: readonly Plugin[] = [
  modelsPlugin,
  bregmanPlugin,
  geminiPlugin,
  clusteringPlugin,
  metricPlugin,
  samplersPlugin,
];

/** A backend and who disposes of it. */
export interface OpenBackend {
  readonly backend: Backend;
  /** Whether it was made here. */
  readonly owned: boolean;
}

/**
 * The catalogue that an estimator chooses from: our models, losses and samplers, and the plugins that it was given. One of ours gives way to
 * a plugin of its name. onnxruntime is brought along where its backend is asked for by name.
 *
 * @throws PluginError; BackendUnavailableError ORT_PACKAGE_MISSING
 */
export async function compose(plugins: readonly Plugin[], backend: Backend | ComponentReference): Promise<Catalogue> {
  const given = new Set(plugins.map(({ name }) => name));
  const name = isBackend(backend) ? "" : typeof backend === "string" ? backend : backend.name;
  const asked = /^ort(\/|$)/.test(name) && !given.has("@semblance/backend-ort");
  const ort = asked ? [(await importOrt(`backend "${name}"`)).ortPlugin] : [];
  return createCatalogue([...firstParty.filter((plugin) => !given.has(plugin.name)), ...ort, ...plugins]);
}

/** @throws ConfigError NAME_UNKNOWN; BackendUnavailableError */
export async function openBackend(catalogue: Catalogue, backend: Backend | ComponentReference): Promise<OpenBackend> {
  if (isBackend(backend)) return { backend, owned: false };
  const { entry, config } = catalogue.choose("backend", backend, "backend");
  return { backend: await entry.create(config), owned: true };
}

export function isBackend(value: Backend | ComponentReference): value is Backend {
  return typeof value === "object" && "compile" in value && typeof value.compile === "function";
}

/** The names by which a saved estimator asks for its plugins again. */
export function pluginNames(plugins: readonly Plugin[]): string[] {
  const ours = new Set(["@semblance/backend-ort", "@semblance/backend-tfjs", ...firstParty.map(({ name }) => name)]);
  return plugins.map(({ name }) => name).filter((name) => !ours.has(name));
}
