import util from "node:util";
import { isSemblanceError } from "@semblance/core";
import { graphicsAdapters } from "@semblance/core/node";
import { DEVICES } from "../device.js";
import { addonMissing, graphicsUnused, otherAddonLoaded } from "./errors.js";
import { type Importer, importPackage } from "./import-package.js";
import type { LoadedTensorflow, TfNamespace } from "./loaded-tensorflow.js";

/** Both packages claim one backend name inside TensorFlow.js, whose registry is one for the process: the second would run as the first. */
let loaded: string | undefined;

/**
 * TensorFlow.js on libtensorflow.
 *
 * @throws BackendUnavailableError TFJS_MISSING, TFJS_BROKEN, TFJS_ADDON_MISSING, TFJS_OTHER_ADDON; TFJS_DEVICE_UNAVAILABLE where a
 * graphics adapter was asked for and libtensorflow computes on the processor.
 */
export async function loadNative(device: "node" | "node-gpu", load: Importer): Promise<LoadedTensorflow> {
  const { package: name } = DEVICES[device];
  if (loaded !== undefined && loaded !== name) throw otherAddonLoaded(device, loaded, name);
  fillInUtil(util as never);
  // libtensorflow's log of what processor it found; whoever wants it sets a level.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  let tf: TfNamespace;
  try {
    const module = await importPackage({ name, device, install: `npm install ${name}` }, load);
    tf = ((module as { readonly default?: TfNamespace }).default ?? module) as TfNamespace;
  } catch (error) {
    const cause = isSemblanceError(error) ? error.cause : error;
    throw /tfjs_binding\.node/.test(String(cause)) ? addonMissing(device, name, cause) : error;
  }
  loaded = name;
  await tf.setBackend(DEVICES[device].backend);
  const { isUsingGpuDevice } = tf.backend() as { readonly isUsingGpuDevice?: boolean };
  if (device === "node-gpu" && !isUsingGpuDevice) throw graphicsUnused(device, await graphicsAdapters());
  return { tf };
}

/**
 * Node 23 removed two functions that tfjs-node 4.22 calls in every operator; without them each ends in
 * `isNullOrUndefined is not a function`. They are put back as they were, and only where they are gone.
 */
export function fillInUtil(target: Record<string, unknown>): void {
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}
