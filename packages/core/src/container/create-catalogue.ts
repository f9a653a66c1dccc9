import { keepReflection } from "./keep-reflection.js";

// Before tsyringe, which looks for it when it is loaded.

import { type DependencyContainer, container as root } from "tsyringe";
import type { Plugin } from "../contracts/plugin.js";
import { Catalogue } from "./catalogue.js";
import { corePlugin } from "./core-plugin.js";
import { CATALOGUE } from "./tokens.js";

/** A container of its own for an application, with core's optimizers and schedules and the given plugins in its catalogue. */
export function createContainer(plugins: readonly Plugin[] = []): DependencyContainer {
  keepReflection();
  const container = root.createChildContainer();
  const catalogue = new Catalogue(container);
  container.registerInstance(CATALOGUE, catalogue);
  for (const plugin of [corePlugin, ...plugins]) catalogue.use(plugin);
  return container;
}

/** The catalogue alone, for who has no use for the container. */
export function createCatalogue(plugins: readonly Plugin[] = []): Catalogue {
  return createContainer(plugins).resolve<Catalogue>(CATALOGUE);
}
