import { definePlugin } from "@semblance/core";
import { crossEntropy } from "./cross-entropy.js";
import { VERSION } from "./version.js";

/** Metric-learning and classification losses. */
export const metricPlugin = definePlugin({
  name: "@semblance/losses-metric",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const entry of [crossEntropy]) registry.add(entry);
  },
});
