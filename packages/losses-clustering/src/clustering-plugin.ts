import { definePlugin } from "@semblance/core";
import { imsat } from "./imsat.js";
import { kernelModel } from "./kernel-model.js";
import { rim } from "./rim.js";
import { VERSION } from "./version.js";

/** Clustering losses beside the GEMINI family, and the model of kernel RIM. */
export const clusteringPlugin = definePlugin({
  name: "@semblance/losses-clustering",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const entry of [rim, imsat, kernelModel]) registry.add(entry);
  },
});
