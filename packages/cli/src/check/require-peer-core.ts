import { PluginError } from "@semblance/core";
import type { InstalledPackage } from "../job/resolve-package.js";

/**
 * A plugin asks for core as a peer: under `dependencies` a package manager may install another version for it alone, whose tensors
 * do not mix with the application's.
 *
 * @throws PluginError CORE_NOT_PEER
 */
export function requirePeerCore(name: string, { root, manifest }: InstalledPackage): void {
  const { dependencies = {}, peerDependencies = {} } = manifest;
  const wrong = dependencies["@semblance/core"] !== undefined;
  if (!wrong && peerDependencies["@semblance/core"] !== undefined) return;
  throw new PluginError(
    "CORE_NOT_PEER",
    wrong
      ? `the package "${name}" has @semblance/core under dependencies`
      : `the package "${name}" does not ask for @semblance/core`,
    {
      where: `${root}/package.json`,
      fix: "Name it under peerDependencies with the range that definePlugin has, and under devDependencies for your own tests.",
    },
  );
}
