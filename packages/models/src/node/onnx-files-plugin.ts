import { definePlugin } from "@semblance/core";
import { onnxModel } from "../onnx.js";
import { VERSION } from "../version.js";
import { readModelFile } from "./read-model-file.js";

/** The model `onnx`, which reads its file from disk. */
export const onnxFilesPlugin = definePlugin({
  name: "@semblance/models/node",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    registry.add(onnxModel(readModelFile));
  },
});
