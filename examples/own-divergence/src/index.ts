import { definePlugin } from "@semblance/core";
import { pseudoHuber } from "./pseudo-huber.js";
import { softNearestNeighbour } from "./soft-nearest-neighbour.js";

export { pseudoHuber } from "./pseudo-huber.js";
export { softNearestNeighbour } from "./soft-nearest-neighbour.js";

export default definePlugin({
  name: "semblance-example-divergence",
  version: "1.0.0",
  core: "^0.1.0",
  register(registry) {
    for (const entry of [pseudoHuber, softNearestNeighbour]) registry.add(entry);
  },
});
