import { VERSION } from "@semblance/core";
import { coreVersionsMixed } from "./plugin-errors.js";
import { findPackage, type InstalledPackage } from "./resolve-package.js";

/**
 * Refuses a plugin that was installed with another version of core than the one that runs: their tensors do not mix. A second copy
 * of the same version is fine, and so is a plugin that finds none.
 *
 * @throws PluginError CORE_VERSIONS_MIXED
 */
export async function requireSameCore(name: string, { root }: InstalledPackage): Promise<void> {
  const core = await findPackage("@semblance/core", root).catch(() => undefined);
  if (!core || core.manifest.version === VERSION) return;
  throw coreVersionsMixed(name, { theirs: String(core.manifest.version), ours: VERSION, at: core.root });
}
