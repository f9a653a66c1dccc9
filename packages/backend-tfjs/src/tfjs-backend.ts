import {
  type Backend,
  backendFromDevice,
  convert,
  type Device,
  type DType,
  holds,
  type NdArray,
} from "@semblance/core";
import { DEVICES, type TfjsDevice } from "./device.js";
import { bytesOf } from "./dry-run.js";
import { EagerGraph } from "./eager-graph.js";
import { deviceUnknown, dtypeUnsupported, memoryExceeded, memoryLimitInvalid } from "./errors.js";
import type { Handle } from "./handle.js";
import { Namespace } from "./namespace.js";
import type { TfApi } from "./tf-api.js";

export interface TfjsOptions {
  /** TensorFlow.js: `@tensorflow/tfjs-core` with the device's package imported beside it, or the umbrella package. */
  readonly tf: TfApi;
  /** What runs the numbers. A device that cannot be had is an error, never replaced by another. */
  readonly device: TfjsDevice;
  /** The most bytes that tensors may take at a time, those of other users of the namespace included. */
  readonly memoryLimit?: number;
}

/**
 * A backend that runs programs on TensorFlow.js, operator by operator.
 *
 * @throws BackendUnavailableError TFJS_DEVICE_UNAVAILABLE
 * @throws ConfigError DEVICE_UNKNOWN, NAMESPACE_INVALID, MEMORY_LIMIT_INVALID
 */
export async function tfjsBackend(options: TfjsOptions): Promise<Backend> {
  const { tf, device } = options;
  if (!Object.hasOwn(DEVICES, device)) throw deviceUnknown(device);
  const memoryLimit = options.memoryLimit ?? DEVICES[device].memoryLimit;
  if (!(memoryLimit > 0)) throw memoryLimitInvalid(memoryLimit);
  const namespace = await Namespace.open(tf, device);
  return backendFromDevice(tfjsDevice(namespace, memoryLimit));
}

function tfjsDevice(namespace: Namespace, memoryLimit: number): Device<Handle> {
  const { tf, device } = namespace;
  const { copies } = DEVICES[device];
  return {
    name: `tfjs/${device}`,
    device: describe(tf, device),
    float: "float32",
    compile: async (graph) => new EagerGraph(graph, namespace, memoryLimit),
    upload(array) {
      const { dtype, shape } = array;
      if (dtype === "float64") throw dtypeUnsupported(device, "an array of the host's", "input", dtype);
      const bytes = tf.memory().numBytes + bytesOf(array);
      if (bytes > memoryLimit)
        throw memoryExceeded(device, `an array ${dtype}[${shape.join(", ")}]`, bytes, memoryLimit);
      // Indices are looked at later, when the caller may have changed the array.
      const data = copies && dtype !== "int32" ? array.data : array.data.slice();
      const tensor = namespace.within(() => tf.tensor(data, shape, dtype));
      return dtype === "int32" ? { tensor, indices: data } : { tensor };
    },
    download: async ({ tensor }) => {
      const dtype = tensor.dtype as DType;
      const data = await tensor.data();
      return {
        dtype,
        shape: [...tensor.shape],
        data: !holds(dtype, data) ? convert(dtype, data) : copies ? data : data.slice(),
      } as NdArray;
    },
    release: ({ tensor }) => tensor.dispose(),
    dispose: async () => {},
  };
}

/** `TensorFlow.js 4.22.0, WebAssembly with SIMD`. */
function describe(tf: TfApi, device: TfjsDevice): string {
  const words = `TensorFlow.js${tf.version_core ? ` ${tf.version_core}` : ""}, ${DEVICES[device].words}`;
  if (device !== "wasm" || !tf.env) return words;
  const flag = (name: string) => {
    try {
      return tf.env!().getBool(name) as boolean;
    } catch {
      // Flags that are found out later than asked for throw.
      return false;
    }
  };
  const features = [
    flag("WASM_HAS_SIMD_SUPPORT") ? "SIMD" : "",
    flag("WASM_HAS_MULTITHREAD_SUPPORT") ? "threads" : "",
  ].filter(Boolean);
  return features.length > 0 ? `${words} with ${features.join(" and ")}` : words;
}
