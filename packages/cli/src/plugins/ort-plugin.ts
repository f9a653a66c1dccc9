import { type OrtOptions, ortBackend } from "@semblance/backend-ort";
import { type BackendEntry, defineBackend, definePlugin } from "@semblance/core";
import { z } from "zod";
import { VERSION } from "../version.js";

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

const entry = (
  name: string,
  device: NonNullable<OrtOptions["device"]>,
  summary: string,
): BackendEntry<z.infer<typeof config>> =>
  defineBackend({
    name,
    summary,
    source: "onnxruntime.ai",
    config,
    create: ({ threads, profile }) =>
      ortBackend({
        device,
        ...(threads === undefined ? {} : { threads }),
        ...(profile === undefined ? {} : { profile }),
      }),
  });

/** onnxruntime as backends that a job can name. */
export const ortPlugin = definePlugin({
  name: "@semblance/backend-ort",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    registry.add(entry("ort", "cpu", "Every program piece as one ONNX graph in onnxruntime, on the processor."));
    registry.add(entry("ort/cuda", "cuda", "onnxruntime on an NVIDIA graphics card."));
    registry.add(entry("ort/webgpu", "webgpu", "onnxruntime on a graphics card through WebGPU."));
  },
});
