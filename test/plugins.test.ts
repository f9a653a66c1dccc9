import { ortBackend } from "@semblance/backend-ort";
import { createCatalogue } from "@semblance/core";
import { describePlugin } from "@semblance/core/testing";
import { bregmanPlugin } from "@semblance/losses-bregman";
import { clusteringPlugin } from "@semblance/losses-clustering";
import { geminiPlugin } from "@semblance/losses-gemini";
import { metricPlugin } from "@semblance/losses-metric";
import { modelsPlugin } from "@semblance/models";

/**
 * The suites of what is computed by a backend, on the one that people run. The packages run the same suites on the reference, which is
 * all that they may know of.
 */
const backends = { ort: () => ortBackend({ threads: 1 }) };

for (const plugin of [geminiPlugin, modelsPlugin]) describePlugin(plugin, { catalogue: createCatalogue, backends });
// Its losses are composed of divergences, one of which is composed of a kernel.
describePlugin(metricPlugin, { catalogue: () => createCatalogue([bregmanPlugin]), backends });
describePlugin(bregmanPlugin, { catalogue: () => createCatalogue([geminiPlugin]), backends });
// Its model is composed of a kernel.
describePlugin(clusteringPlugin, { catalogue: () => createCatalogue([geminiPlugin]), backends });
