export { type ExportOptions, exportOnnx } from "./export-onnx.js";
export { listDevices } from "./list-devices.js";
export { type OrtOptions, ortBackend } from "./ort-backend.js";
export { ortPlugin } from "./ort-plugin.js";
export { VERSION } from "./version.js";
