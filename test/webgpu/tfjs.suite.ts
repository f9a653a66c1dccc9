import { tfjsNodeBackend } from "@semblance/backend-tfjs/node";
import { judgeDevice } from "./judge-device.js";

/** A sum that runs along an axis is made of sums of halves, so that numbers cancel in another order. */
judgeDevice("tfjs/webgpu", () => tfjsNodeBackend({ device: "webgpu" }), {
  dtypes: ["float32", "int32", "bool"],
  leftOutOfDrawnPrograms: ["cumulativeSum"],
  skip: (title) =>
    title.startsWith("cumulativeSum: of 1e30 that cancels") ? "sums of halves add in another order" : undefined,
});
