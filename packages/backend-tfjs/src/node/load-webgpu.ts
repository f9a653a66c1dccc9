import { adapterMissing } from "./errors.js";
import { type Importer, importPackage } from "./import-package.js";
import { loadCore } from "./load-portable.js";
import type { LoadedTensorflow } from "./loaded-tensorflow.js";

const INSTALL = "npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-webgpu webgpu";

/** What of WebGPU is used here. */
interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}
interface Adapter {
  readonly info?: { readonly vendor?: string; readonly architecture?: string; readonly description?: string };
}
interface Dawn {
  create(options: readonly string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** Node keeps running while `navigator.gpu` is held, so the last backend that goes takes it along. */
let users = 0;
/** Takes away what was put on the global object; absent where somebody else provided it. */
let withdraw: (() => void) | undefined;
/** Made when the package is first imported, which is when it registers itself; kept to register it anew. */
let factory: unknown;

/**
 * TensorFlow.js on a graphics adapter through Dawn, the WebGPU of Chromium, as the package `webgpu` brings it to Node.
 *
 * @throws BackendUnavailableError TFJS_MISSING, TFJS_BROKEN; TFJS_DEVICE_UNAVAILABLE where there is no adapter
 */
export async function loadWebgpu(load: Importer): Promise<LoadedTensorflow> {
  const need = { device: "webgpu", install: INSTALL } as const;
  const tf = await loadCore(need, load);
  const { create, globals } = (await importPackage({ ...need, name: "webgpu" }, load)) as Dawn;
  users++;
  try {
    const adapter = await provideGpu(create, globals);
    if (factory === undefined) {
      // It looks for `navigator.gpu` while it is imported, and never again.
      await importPackage({ ...need, name: "@tensorflow/tfjs-backend-webgpu" }, load);
      factory = tf.findBackendFactory("webgpu");
    } else if (!tf.findBackendFactory("webgpu")) tf.registerBackend("webgpu", factory);
    return { tf, hardware: describe(adapter), release: () => letGo(tf) };
  } catch (error) {
    letGo(tf);
    throw error;
  }
}

/** Asked for before TensorFlow.js is: it would keep a backend without an adapter as its present one. */
async function provideGpu(create: Dawn["create"], globals: Dawn["globals"]): Promise<Adapter> {
  const held = (globalThis as { readonly navigator?: { readonly gpu?: Gpu } }).navigator;
  let adapter: Adapter | null;
  try {
    const gpu = held?.gpu ?? create([]);
    if (!held?.gpu) {
      for (const [name, value] of Object.entries(globals)) if (!(name in globalThis)) define(globalThis, name, value);
      // Node 21 and later have a navigator of their own; elsewhere many take one for the sign of a browser, so that it goes with us.
      if (held) define(held, "gpu", gpu);
      else define(globalThis, "navigator", { gpu });
      withdraw = () => (held ? Reflect.deleteProperty(held, "gpu") : Reflect.deleteProperty(globalThis, "navigator"));
    }
    adapter = await gpu.requestAdapter();
  } catch (cause) {
    throw adapterMissing("webgpu", cause);
  }
  if (!adapter) throw adapterMissing("webgpu");
  return adapter;
}

function letGo(tf: LoadedTensorflow["tf"]): void {
  if (--users > 0) return;
  if (tf.findBackendFactory("webgpu")) tf.removeBackend("webgpu");
  withdraw?.();
  withdraw = undefined;
}

const define = (target: object, name: string, value: unknown) =>
  Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });

function describe({ info }: Adapter): string {
  const words = [info?.description, info?.vendor, info?.architecture].filter((word) => word);
  return words.length > 0 ? [...new Set(words)].join(", ") : "a graphics adapter that does not say its name";
}
