import { definePlugin } from "@semblance/core";
import { measures } from "@semblance/eval";
import { VERSION } from "../version.js";

/** Measures. */
export const evalPlugin = definePlugin({
  name: "@semblance/eval",
  version: VERSION,
  core: "^0.1.0",
  register(registry) {
    for (const measure of measures) registry.add(measure);
  },
});
