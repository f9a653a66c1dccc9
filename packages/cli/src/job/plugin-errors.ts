import { nearNames, PluginError } from "@semblance/core";

const where = (name: string) => `plugin "${name}"`;

export const pluginNameInvalid = (name: string) =>
  new PluginError("PLUGIN_NAME_INVALID", `"${name}" is not the name of an npm package`, {
    where: where(name),
    fix: "Name an installed package, such as my-losses or @me/losses; files are not taken.",
  });

export const pluginNotFound = (name: string, folder: string, installed: readonly string[], cause: unknown) => {
  const near = nearNames(name, installed);
  return new PluginError("PLUGIN_NOT_FOUND", `the package "${name}" is not installed`, {
    where: `${where(name)}, looked for from ${folder}`,
    fix:
      near.length > 0
        ? `Did you mean ${near.map((other) => `"${other}"`).join(" or ")}?`
        : `Install it there: npm install ${name}`,
    cause,
  });
};

export const pluginImportFailed = (name: string, cause: unknown) =>
  new PluginError(
    "PLUGIN_IMPORT_FAILED",
    `the package "${name}" failed while it was imported: ${cause instanceof Error ? cause.message : String(cause)}`,
    { where: where(name), fix: "Report it to the package's author, or leave the plugin out.", cause },
  );

export const pluginImportStuck = (name: string, seconds: number) =>
  new PluginError("PLUGIN_IMPORT_STUCK", `the package "${name}" was not imported within ${seconds} seconds`, {
    where: where(name),
    fix: "Report it to the package's author, or leave the plugin out.",
  });

export const pluginNotAPlugin = (name: string) =>
  new PluginError("PLUGIN_INVALID", `the package "${name}" does not export a plugin by default`, {
    where: where(name),
    fix: "Its main module must say: export default definePlugin({ name, version, core, register }).",
  });
