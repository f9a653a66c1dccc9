import { createCatalogue, referenceBackend } from "@semblance/core";
import { describePlugin } from "@semblance/core/testing";
import { geminiPlugin } from "../src/gemini-plugin.js";

describePlugin(geminiPlugin, { catalogue: createCatalogue, backends: { reference: referenceBackend } });
