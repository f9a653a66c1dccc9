import type { TfjsDevice } from "../device.js";
import { deviceUnknown } from "../errors.js";
import { browsersOnly } from "./errors.js";
import type { Importer } from "./import-package.js";
import { loadNative } from "./load-native.js";
import { loadCpu, loadWasm } from "./load-portable.js";
import { loadWebgpu } from "./load-webgpu.js";
import type { LoadedTensorflow } from "./loaded-tensorflow.js";

const loaders: { readonly [Device in TfjsDevice]: (load: Importer) => Promise<LoadedTensorflow> } = {
  wasm: loadWasm,
  cpu: loadCpu,
  node: (load) => loadNative("node", load),
  "node-gpu": (load) => loadNative("node-gpu", load),
  webgpu: loadWebgpu,
  webgl: async () => {
    throw browsersOnly("webgl");
  },
};

/**
 * Loads TensorFlow.js for a device: that one, or an error.
 *
 * @throws BackendUnavailableError TFJS_MISSING, TFJS_BROKEN, TFJS_ADDON_MISSING, TFJS_OTHER_ADDON, TFJS_DEVICE_UNAVAILABLE
 * @throws ConfigError DEVICE_UNKNOWN
 */
export async function loadTensorflow(device: TfjsDevice, load: Importer): Promise<LoadedTensorflow> {
  if (!Object.hasOwn(loaders, device)) throw deviceUnknown(device);
  return await loaders[device](load);
}
