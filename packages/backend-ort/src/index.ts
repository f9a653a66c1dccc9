export { type ExportOptions, exportOnnx } from "./export-onnx.js";
export { type DeviceReport, listDevices } from "./list-devices.js";
export { type OrtOptions, ortBackend } from "./ort-backend.js";
