import { createCatalogue, referenceBackend } from "@semblance/core";
import { describePlugin } from "@semblance/core/testing";
import { metricPlugin } from "../src/metric-plugin.js";

describePlugin(metricPlugin, { catalogue: createCatalogue, backends: { reference: referenceBackend } });
