import type * as Ort from "onnxruntime-node";
import { runtimeBroken, runtimeMissing } from "./errors.js";

export type Runtime = typeof Ort;

/**
 * Loads onnxruntime when it is first asked for: it is an optional peer.
 *
 * @throws BackendUnavailableError ORT_MISSING, ORT_BROKEN
 */
export async function loadRuntime(load: () => Promise<unknown> = () => import("onnxruntime-node")): Promise<Runtime> {
  try {
    const runtime = (await load()) as Runtime;
    // Read once, before the first session. Whatever onnxruntime logs as an error it also throws, and we report that.
    if (runtime.env.logLevel === "warning") runtime.env.logLevel = "fatal";
    return runtime;
  } catch (cause) {
    const { code, message } = cause as { readonly code?: string; readonly message?: string };
    const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
    // A missing file inside the package is a broken installation, not an absent one.
    throw missing && /onnxruntime-node['"]/.test(message ?? "") ? runtimeMissing(cause) : runtimeBroken(cause);
  }
}
