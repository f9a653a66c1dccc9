import type { TfjsDevice } from "../device.js";
import { packageBroken, packageMissing } from "./errors.js";

/** Imports a package by name. Injected in tests. */
export type Importer = (name: string) => Promise<unknown>;

export interface PackageNeed {
  readonly name: string;
  readonly device: TfjsDevice;
  /** The command that installs it. */
  readonly install: string;
}

// The name is a variable so that neither the compiler nor a bundler looks for packages that need not be there.
export const importer: Importer = (name) => import(/* @vite-ignore */ name);

/**
 * Loads a package that need not be installed.
 *
 * @throws BackendUnavailableError TFJS_MISSING, TFJS_BROKEN
 */
export async function importPackage({ name, device, install }: PackageNeed, load: Importer): Promise<unknown> {
  try {
    return await load(name);
  } catch (cause) {
    const { code, message = "" } = cause as { readonly code?: string; readonly message?: string };
    const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
    // A file missing inside the package, or a package that it needs, is a broken installation, not an absent one.
    const named = message.includes(`'${name}'`) || message.includes(`"${name}"`);
    // Where Vite runs the program, an absent optional peer has no code.
    const absent = named && (missing || message.startsWith("Could not resolve "));
    throw absent ? packageMissing(device, name, install, cause) : packageBroken(device, name, install, cause);
  }
}
