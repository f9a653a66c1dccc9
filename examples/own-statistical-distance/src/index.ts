import { definePlugin } from "@semblance/core";
import { leCam } from "./le-cam.js";
import { matern } from "./matern.js";

export { leCam } from "./le-cam.js";
export { matern } from "./matern.js";

export default definePlugin({
  name: "semblance-example-statistical-distance",
  version: "1.0.0",
  core: "^0.1.0",
  register(registry) {
    for (const entry of [...leCam, matern]) registry.add(entry);
  },
});
