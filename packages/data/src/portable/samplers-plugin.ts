import { definePlugin } from "@semblance/core";
import { samplers } from "../samplers/samplers.js";
import { VERSION } from "../version.js";

/** The samplers without the data sets that are read from files: what `dataPlugin` brings, as far as it runs in a browser. */
export const samplersPlugin = definePlugin({
  name: "@semblance/data",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const sampler of samplers) registry.add(sampler);
  },
});
