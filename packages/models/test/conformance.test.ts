import { describePlugin } from "@semblance/core/testing";
import { modelsPlugin } from "../src/models-plugin.js";

describePlugin(modelsPlugin);
