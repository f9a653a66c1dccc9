import { describePlugin } from "@semblance/core/testing";
import { dataPlugin } from "../src/data-plugin.js";

describePlugin(dataPlugin);
