import { type BackendEntry, defineBackend, definePlugin } from "@semblance/core";
import { z } from "zod";
import type { Provider } from "./kernel.js";
import { reportDevice } from "./list-devices.js";
import { nameOf, ortBackend } from "./ort-backend.js";
import { VERSION } from "./version.js";

const config = z.strictObject({
  threads: z
    .int()
    .min(1)
    .max(1024)
    .optional()
    .describe("threads within one operator, 1 to 1024; every processor that the process may use by default"),
  profile: z
    .string()
    .min(1)
    .optional()
    .describe("writes onnxruntime's profile of each graph to files with this prefix"),
});

const entry = (device: Provider, summary: string): BackendEntry<z.infer<typeof config>> =>
  defineBackend({
    name: nameOf(device),
    summary,
    source: "onnxruntime.ai",
    config,
    create: ({ threads, profile }) =>
      ortBackend({
        device,
        ...(threads === undefined ? {} : { threads }),
        ...(profile === undefined ? {} : { profile }),
      }),
    report: () => reportDevice(device),
  });

/** onnxruntime as backends that a job can name. */
export const ortPlugin = definePlugin({
  name: "@semblance/backend-ort",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    registry.add(entry("cpu", "Every program piece as one ONNX graph in onnxruntime, on the processor."));
    registry.add(entry("cuda", "onnxruntime on an NVIDIA graphics card."));
    registry.add(entry("webgpu", "onnxruntime on a graphics card through WebGPU."));
  },
});
