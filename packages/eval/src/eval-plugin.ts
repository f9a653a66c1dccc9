import { definePlugin, type Plugin } from "@semblance/core";
import { measures } from "./measures/catalogue.js";
import { VERSION } from "./version.js";

/** What this package brings to the catalogue: its measures. */
export const evalPlugin: Plugin = definePlugin({
  name: "@semblance/eval",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const measure of measures) registry.add(measure);
  },
});
