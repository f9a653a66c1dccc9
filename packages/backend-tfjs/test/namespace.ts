import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { type TfjsOptions, tfjsBackend } from "@semblance/backend-tfjs";

/** In Node the .wasm files are looked for where they are not. */
const files = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
setWasmPaths(`${dirname(files)}/`);

export { tf };
export const wasm = (options: Partial<TfjsOptions> = {}) => tfjsBackend({ tf, device: "wasm", ...options });
export const cpu = (options: Partial<TfjsOptions> = {}) => tfjsBackend({ tf, device: "cpu", ...options });
