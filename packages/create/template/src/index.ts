import { definePlugin } from "@semblance/core";
import { cauchy } from "./cauchy.js";
import { volume } from "./volume.js";

export { cauchy } from "./cauchy.js";
export { inverse, logDeterminant } from "./log-determinant.js";
export { volume } from "./volume.js";

/** What this package adds. Importing it changes nothing; a job that names it under `plugins:` registers it. */
export default definePlugin({
  name: "{{name}}",
  version: "0.1.0",
  core: "^{{version}}",
  register(registry) {
    registry.add(cauchy);
    registry.add(volume);
  },
});
