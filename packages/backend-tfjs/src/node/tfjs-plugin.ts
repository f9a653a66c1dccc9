import { type BackendEntry, defineBackend, definePlugin } from "@semblance/core";
import { z } from "zod";
import type { TfjsDevice } from "../device.js";
import { VERSION } from "../version.js";
import { reportDevice } from "./list-devices.js";
import { tfjsNodeBackend } from "./tfjs-node-backend.js";

const config = z.strictObject({
  memoryLimit: z
    .int()
    .min(1)
    .optional()
    .describe("bytes that tensors may take at a time, 1 or more; the device's own limit by default"),
});

const entry = (name: string, device: TfjsDevice, summary: string): BackendEntry<z.infer<typeof config>> =>
  defineBackend({
    name,
    summary,
    source: "tensorflow.org/js",
    config,
    create: ({ memoryLimit }) => tfjsNodeBackend({ device, ...(memoryLimit === undefined ? {} : { memoryLimit }) }),
    report: () => reportDevice(device),
  });

/** TensorFlow.js as backends that a job can name. */
export const tfjsPlugin = definePlugin({
  name: "@semblance/backend-tfjs",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    registry.add(entry("tfjs", "wasm", "TensorFlow.js on what it runs on everywhere: the same as tfjs/wasm."));
    registry.add(entry("tfjs/wasm", "wasm", "TensorFlow.js in WebAssembly, operator by operator, on one thread."));
    registry.add(entry("tfjs/cpu", "cpu", "TensorFlow.js in plain JavaScript: slow, and needs nothing."));
    registry.add(entry("tfjs/node", "node", "TensorFlow.js on libtensorflow, on the processor."));
    registry.add(entry("tfjs/node-gpu", "node-gpu", "TensorFlow.js on libtensorflow, on an NVIDIA graphics card."));
    registry.add(entry("tfjs/webgpu", "webgpu", "TensorFlow.js on a graphics card through WebGPU."));
    registry.add(entry("tfjs/webgl", "webgl", "TensorFlow.js on WebGL: in browsers only."));
  },
});
