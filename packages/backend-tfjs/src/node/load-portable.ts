import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { type Importer, importPackage } from "./import-package.js";
import type { LoadedTensorflow, TfNamespace } from "./loaded-tensorflow.js";

const CORE = "@tensorflow/tfjs-core";
const WASM = "@tensorflow/tfjs-backend-wasm";
const CPU = "@tensorflow/tfjs-backend-cpu";

interface WasmPackage {
  setWasmPaths(folder: string): void;
}

/**
 * TensorFlow.js with its WebAssembly kernels: one thread, with vector instructions where the processor has them.
 *
 * @throws BackendUnavailableError TFJS_MISSING, TFJS_BROKEN
 */
export async function loadWasm(load: Importer): Promise<LoadedTensorflow> {
  const need = { device: "wasm", install: `npm install ${CORE} ${WASM}` } as const;
  const tf = await loadCore(need, load);
  const wasm = (await importPackage({ ...need, name: WASM }, load)) as WasmPackage;
  // Node has no threads for it, and where a host claims to, the modules that should run in them hang while they start.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!configured.has(wasm)) {
    // Beside the script that was loaded: a bundle around this file would look for the modules beside itself.
    wasm.setWasmPaths(dirname(createRequire(import.meta.url).resolve(WASM)) + sep);
    configured.add(wasm);
  }
  return { tf };
}

/** Paths cannot be set again once the modules are running. */
const configured = new WeakSet<WasmPackage>();

/**
 * TensorFlow.js with its kernels in plain JavaScript.
 *
 * @throws BackendUnavailableError TFJS_MISSING, TFJS_BROKEN
 */
export async function loadCpu(load: Importer): Promise<LoadedTensorflow> {
  const need = { device: "cpu", install: `npm install ${CORE} ${CPU}` } as const;
  const tf = await loadCore(need, load);
  await importPackage({ ...need, name: CPU }, load);
  return { tf };
}

/** The operators without any kernels. */
export async function loadCore(
  need: { readonly device: "wasm" | "cpu" | "webgpu"; readonly install: string },
  load: Importer,
): Promise<TfNamespace> {
  const tf = (await importPackage({ ...need, name: CORE }, load)) as TfNamespace;
  // Otherwise the first tensor prints an advertisement for another package.
  tf.enableProdMode();
  return tf;
}
