export type { TfjsDevice } from "./device.js";
export type { TfApi, TfEngine, TfTensor } from "./tf-api.js";
export { type TfjsOptions, tfjsBackend } from "./tfjs-backend.js";
