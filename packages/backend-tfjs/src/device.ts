/** What can run the numbers, as jobs name it after `tfjs/`. */
export type TfjsDevice = "wasm" | "cpu" | "node" | "node-gpu" | "webgpu" | "webgl";

interface DeviceFacts {
  /** The name under which TensorFlow.js registers it. */
  readonly backend: string;
  /** The package that registers it. */
  readonly package: string;
  readonly words: string;
  /** Bytes that programs may hold at a time unless the user says otherwise. */
  readonly memoryLimit: number;
  /** Whether arrays are copied on their way in and out; otherwise the device goes on using what it was given, or gave. */
  readonly copies: boolean;
}

const GIBIBYTE = 2 ** 30;

export const DEVICES: Readonly<Record<TfjsDevice, DeviceFacts>> = {
  wasm: {
    backend: "wasm",
    package: "@tensorflow/tfjs-backend-wasm",
    words: "WebAssembly",
    // The heap ends at 4 GiB, past which TensorFlow.js writes over what is there. The rest is left to gaps between tensors and to
    // the buffers of its kernels, which nobody counts.
    memoryLimit: 3.25 * GIBIBYTE,
    copies: true,
  },
  cpu: {
    backend: "cpu",
    package: "@tensorflow/tfjs-backend-cpu",
    words: "JavaScript",
    memoryLimit: 4 * GIBIBYTE,
    copies: false,
  },
  node: {
    backend: "tensorflow",
    package: "@tensorflow/tfjs-node",
    words: "libtensorflow",
    memoryLimit: 16 * GIBIBYTE,
    copies: false,
  },
  "node-gpu": {
    backend: "tensorflow",
    package: "@tensorflow/tfjs-node-gpu",
    words: "libtensorflow with CUDA",
    memoryLimit: 8 * GIBIBYTE,
    copies: false,
  },
  webgpu: {
    backend: "webgpu",
    package: "@tensorflow/tfjs-backend-webgpu",
    words: "WebGPU",
    memoryLimit: 4 * GIBIBYTE,
    copies: false,
  },
  webgl: {
    backend: "webgl",
    package: "@tensorflow/tfjs-backend-webgl",
    words: "WebGL",
    memoryLimit: 2 * GIBIBYTE,
    copies: false,
  },
};
