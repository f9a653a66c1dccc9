import type { Backend } from "@semblance/core";
import type { TfjsDevice } from "../device.js";
import { tfjsBackend } from "../tfjs-backend.js";
import { type Importer, importer } from "./import-package.js";
import { loadTensorflow } from "./load-tensorflow.js";

export interface TfjsNodeOptions {
  /** What runs the operators; `wasm` by default. A device that cannot be had is an error, never replaced by another. */
  readonly device?: TfjsDevice;
  /** Bytes that tensors may take at a time; the device's own limit by default. */
  readonly memoryLimit?: number;
}

/**
 * A backend on TensorFlow.js, from the packages that are installed beside this one.
 *
 * @throws BackendUnavailableError TFJS_MISSING, TFJS_BROKEN, TFJS_ADDON_MISSING, TFJS_OTHER_ADDON, TFJS_DEVICE_UNAVAILABLE
 * @throws ConfigError DEVICE_UNKNOWN, and what `tfjsBackend` throws
 */
export async function tfjsNodeBackend(
  { device = "wasm", memoryLimit }: TfjsNodeOptions = {},
  load: Importer = importer,
): Promise<Backend> {
  const { tf, release } = await loadTensorflow(device, load);
  try {
    const backend = await tfjsBackend({ tf, device, ...(memoryLimit === undefined ? {} : { memoryLimit }) });
    if (!release) return backend;
    let held = true;
    return {
      ...backend,
      async dispose() {
        await backend.dispose();
        if (held) release();
        held = false;
      },
    };
  } catch (error) {
    release?.();
    throw error;
  }
}
