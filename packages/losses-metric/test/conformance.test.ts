import { createCatalogue, referenceBackend } from "@semblance/core";
import { describePlugin } from "@semblance/core/testing";
import { metricPlugin } from "../src/metric-plugin.js";
import { divergencesPlugin } from "./divergences.js";

describePlugin(metricPlugin, {
  catalogue: () => createCatalogue([divergencesPlugin]),
  backends: { reference: referenceBackend },
});
