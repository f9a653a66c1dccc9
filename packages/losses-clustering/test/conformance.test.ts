import { createCatalogue, referenceBackend } from "@semblance/core";
import { describePlugin } from "@semblance/core/testing";
import { clusteringPlugin } from "../src/clustering-plugin.js";
import { kernelsPlugin } from "./kernels.js";

describePlugin(clusteringPlugin, {
  catalogue: () => createCatalogue([kernelsPlugin]),
  backends: { reference: referenceBackend },
});
