export type { Importer } from "./import-package.js";
export { listDevices } from "./list-devices.js";
export { type TfjsNodeOptions, tfjsNodeBackend } from "./tfjs-node-backend.js";
export { tfjsPlugin } from "./tfjs-plugin.js";
