import { createCatalogue, referenceBackend } from "@semblance/core";
import { describePlugin } from "@semblance/core/testing";
import { bregmanPlugin } from "../src/bregman-plugin.js";
import { kernelsPlugin } from "./kernels.js";

describePlugin(bregmanPlugin, {
  catalogue: () => createCatalogue([kernelsPlugin]),
  backends: { reference: referenceBackend },
});
