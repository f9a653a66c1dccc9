import { nearNames, PluginError } from "@semblance/core";
import { isInWork, ownFrame } from "./plugin-folders.js";

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
const where = (name: string) => `plugin "${name}"`;

export const pluginNameInvalid = (name: string) =>
  new PluginError("PLUGIN_NAME_INVALID", `"${name}" is not the name of an npm package`, {
    where: where(name),
    fix: /^\.{1,2}(?:\/[^.]*)?$/.test(name)
      ? "In a job a package is called by the name in its package.json, also the one in whose folder the job lies; --plugin . on the command line means that one too."
      : "Name an installed package, such as my-losses or @me/losses; files are not taken.",
  });

export const pluginNotFound = (name: string, folder: string, installed: readonly string[]) => {
  const near = nearNames(name, installed);
  return new PluginError("PLUGIN_NOT_FOUND", `the package "${name}" is not installed`, {
    where: `${where(name)}, looked for from ${folder}`,
    fix:
      near.length > 0
        ? `Did you mean ${near.map((other) => `"${other}"`).join(" or ")}?`
        : `Install it there: npm install ${name}`,
  });
};

const REPORT = "Report it to the package's author, or leave the plugin out.";
const MEND = "Correct it there, and build again; --debug prints the whole stack.";

export const pluginMainMissing = (name: string, cause: unknown) =>
  new PluginError("PLUGIN_MAIN_MISSING", `the package "${name}" has no main module: ${reasonOf(cause)}`, {
    where: where(name),
    fix: 'Its package.json must name a file that is there, under exports: { ".": … }; if it is yours, build it first.',
    cause,
  });

export const coreVersionsMixed = (
  name: string,
  { theirs, ours, at }: { readonly theirs: string; readonly ours: string; readonly at: string },
) =>
  new PluginError(
    "CORE_VERSIONS_MIXED",
    `the package "${name}" comes with @semblance/core ${theirs}, and this is @semblance/core ${ours}`,
    {
      where: `${where(name)}, ${at}`,
      fix: `Install @semblance/core ${ours} beside it; the package itself should name core under peerDependencies, not dependencies.`,
    },
  );

export const pluginImportFailed = (name: string, root: string, cause: unknown) => {
  const frame = ownFrame(cause, root);
  const missing = /^Cannot find package '(?<package>[^']+)'/.exec(reasonOf(cause))?.groups?.package;
  return new PluginError(
    "PLUGIN_IMPORT_FAILED",
    `the package "${name}" failed while it was imported: ${reasonOf(cause)}`,
    {
      where: frame === undefined ? where(name) : `${where(name)}, ${frame}`,
      fix: missing !== undefined ? `Install it: npm install ${missing}` : isInWork(root) ? MEND : REPORT,
      cause,
    },
  );
};

/** @param where the function, its entry and its plugin */
export const pluginFailed = (name: string, root: string | undefined, at: string, cause: unknown) => {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const frame = ownFrame(cause, root);
  return new PluginError("PLUGIN_FAILED", `plugin "${name}" failed: ${reason}`, {
    where: frame === undefined ? at : `${at}, ${frame}`,
    fix: isInWork(root) ? MEND : `Report it to the package's author; semblance check ${name} says more.`,
    cause,
  });
};

export const pluginExits = (name: string) =>
  new PluginError("PLUGIN_EXITS", `the package "${name}" would end the process while it is imported`, {
    where: where(name),
    fix: REPORT,
  });

export const pluginImportStuck = (name: string, seconds: number) =>
  new PluginError("PLUGIN_IMPORT_STUCK", `the package "${name}" was not imported within ${seconds} seconds`, {
    where: where(name),
    fix: REPORT,
  });

export const pluginNotAPlugin = (name: string) =>
  new PluginError("PLUGIN_INVALID", `the package "${name}" does not export a plugin by default`, {
    where: where(name),
    fix: "Its main module must say: export default definePlugin({ name, version, core, register }).",
  });
