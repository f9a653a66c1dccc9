import { availableParallelism } from "node:os";
import { allocate, type Backend, backendFromDevice, type Device, type Graph, type NdArray } from "@semblance/core";
import type { InferenceSession } from "onnxruntime-node";
import { compileFailed, deviceUnknown, threadsInvalid } from "./errors.js";
import type { Provider } from "./kernel.js";
import { lower } from "./lower.js";
import { probe } from "./probe.js";
import { loadRuntime, type Runtime } from "./runtime.js";
import { SessionGraph } from "./session-graph.js";
import { sessionOptions } from "./session-options.js";
import { uncopiedResults, WORTH_IT } from "./uncopied-results.js";
import { proveConvolutions } from "./webgpu/prove-convolutions.js";

export interface OrtOptions {
  /** What runs the graphs; `cpu` by default. A device that cannot be had is an error, never replaced by another. */
  readonly device?: Provider;
  /** Threads within one operator; every processor that this process may use by default. */
  readonly threads?: number;
  /** Writes onnxruntime's profile of each graph to files with this prefix. */
  readonly profile?: string;
}

export const PROVIDERS: readonly Provider[] = ["cpu", "cuda", "webgpu"];

/** The name that jobs use. */
export const nameOf = (provider: Provider) => (provider === "cpu" ? "ort" : `ort/${provider}`);

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
): Device<NdArray> {
  const words = provider === "cpu" ? `${threads} thread${threads === 1 ? "" : "s"}` : provider;
  return {
    name: nameOf(provider),
    device: `onnxruntime ${runtime.env.versions.node} on ${words}`,
    float: "float32",
    async compile(graph) {
      const { model, ...lowered } = lower(graph, provider, threads);
      const intoBuffers = provider === "cpu";
      const uncopied = intoBuffers && bytesOf(graph.outputs) >= WORTH_IT ? await uncopiedResults(runtime) : undefined;
      if (uncopied) model.emptySequenceFirst();
      if (provider === "webgpu") await proveConvolutions(runtime, model);
      const convolves = model.nodes.some(({ op }) => op === "Conv" || op === "ConvTranspose");
      const options = sessionOptions({ provider, threads, convolves, profile });
      let session: InferenceSession;
      try {
        session = await runtime.InferenceSession.create(model.encode(), options);
      } catch (cause) {
        throw compileFailed(graph.name, cause);
      }
      return new SessionGraph({ runtime, session, graph, lowered, intoBuffers, uncopied });
    },
    // onnxruntime refuses memory that is shared between threads.
    upload: (array) =>
      array.data.buffer instanceof ArrayBuffer ? array : ({ ...array, data: array.data.slice() } as NdArray),
    download: (array) => ({ ...array, data: array.data.slice() }) as NdArray,
    release: () => {},
    dispose: async () => {},
  };
}

const bytesOf = (tensors: Graph["outputs"]) =>
  tensors.reduce((total, { dtype, size }) => total + size * allocate(dtype, 0).BYTES_PER_ELEMENT, 0);
