import { defineDataset, definePlugin } from "@semblance/core";
import { z } from "zod";
import { builtins } from "./builtins/builtins.js";
import { samplers } from "./samplers/samplers.js";
import { VERSION } from "./version.js";

/** The shipped data sets and the samplers. */
export const dataPlugin = definePlugin({
  name: "@semblance/data",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const [name, { summary, source, load }] of Object.entries(builtins)) {
      registry.add(defineDataset({ name, summary, source, config: z.strictObject({}), load }));
    }
    for (const sampler of samplers) registry.add(sampler);
  },
});
