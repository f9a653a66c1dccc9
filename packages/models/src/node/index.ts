export { onnxFilesPlugin } from "./onnx-files-plugin.js";
export { digestOf, readModelFile } from "./read-model-file.js";
