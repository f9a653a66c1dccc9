import { definePlugin, type Plugin } from "@semblance/core";
import { measures } from "./measures/catalogue.js";

/** What this package brings to the catalogue: its measures. */
export const evalPlugin: Plugin = definePlugin({
  name: "@semblance/eval",
  version: "0.1.0",
  core: "^0.1.0",
  register(registry) {
    for (const measure of measures) registry.add(measure);
  },
});
