import { definePlugin } from "@semblance/core";
import { categorical } from "./categorical.js";
import { linear } from "./linear.js";
import { mlp } from "./mlp.js";
import { VERSION } from "./version.js";

/** The models. */
export const modelsPlugin = definePlugin({
  name: "@semblance/models",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const entry of [categorical, linear, mlp]) registry.add(entry);
  },
});
