import { availableParallelism } from "node:os";
import { type Backend, backendFromDevice, type Device, type DType, type NdArray } from "@semblance/core";
import type { Tensor as OrtTensor } from "onnxruntime-node";
import { compileFailed, deviceUnknown, threadsInvalid } from "./errors.js";
import type { Provider } from "./kernel.js";
import { lower } from "./lower.js";
import { probe } from "./probe.js";
import { loadRuntime, type Runtime } from "./runtime.js";
import { SessionGraph } from "./session-graph.js";
import { sessionOptions } from "./session-options.js";

export interface OrtOptions {
  /** What runs the graphs; `cpu` by default. A device that cannot be had is an error, never replaced by another. */
  readonly device?: Provider;
  /** Threads within one operator; every processor that this process may use by default. */
  readonly threads?: number;
  /** Writes onnxruntime's profile of each graph to files with this prefix. */
  readonly profile?: string;
}

export const PROVIDERS: readonly Provider[] = ["cpu", "cuda", "webgpu"];

/**
 * A backend that runs each piece of a program as one ONNX graph in onnxruntime-node.
 *
 * @throws BackendUnavailableError ORT_MISSING, ORT_BROKEN, ORT_DEVICE_UNAVAILABLE
 * @throws ConfigError DEVICE_UNKNOWN, THREADS_INVALID
 */
export async function ortBackend(options: OrtOptions = {}): Promise<Backend> {
  const { device: provider = "cpu", threads = availableParallelism(), profile } = options;
  if (!PROVIDERS.includes(provider)) throw deviceUnknown(provider, PROVIDERS);
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024) throw threadsInvalid(threads);
  const runtime = await loadRuntime();
  if (provider !== "cpu") await probe(runtime, provider);
  return backendFromDevice(ortDevice(runtime, provider, threads, profile));
}

function ortDevice(
  runtime: Runtime,
  provider: Provider,
  threads: number,
  profile: string | undefined,
): Device<OrtTensor> {
  return {
    name: provider === "cpu" ? "ort" : `ort/${provider}`,
    device: `onnxruntime ${runtime.env.versions.node ?? ""} on ${provider === "cpu" ? `${threads} thread${threads === 1 ? "" : "s"}` : provider}`,
    float: "float32",
    async compile(graph) {
      const { bytes, ...lowered } = lower(graph, provider);
      const options = sessionOptions({ provider, threads, convolves: lowered.convolves, profile });
      try {
        return new SessionGraph(graph.name, await runtime.InferenceSession.create(bytes, options), lowered);
      } catch (cause) {
        throw compileFailed(graph.name, cause);
      }
    },
    upload: ({ dtype, data, shape }) => new runtime.Tensor(dtype, ownMemory(data) as never, shape),
    download: ({ type, data, dims }) =>
      ({ dtype: type as DType, shape: [...dims], data: (data as Float32Array).slice() }) as NdArray,
    release: () => {},
    dispose: async () => {},
  };
}

/** onnxruntime refuses memory that is shared between threads. */
function ownMemory(data: NdArray["data"]): NdArray["data"] {
  return data.buffer instanceof ArrayBuffer ? data : data.slice();
}
