import { describePlugin } from "@semblance/core/testing";
import { evalPlugin } from "../src/eval-plugin.js";

describePlugin(evalPlugin);
