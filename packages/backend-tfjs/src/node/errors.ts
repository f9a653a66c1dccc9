import { BackendUnavailableError } from "@semblance/core";
import type { TfjsDevice } from "../device.js";

/** Every error of this entry, with its code. */

const whereOf = (device: TfjsDevice) => `backend "tfjs/${device}"`;

/** The first line: what follows in TensorFlow.js's messages is advice of its own, for other ways to install it. */
const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!.trim();

export const packageMissing = (device: TfjsDevice, name: string, install: string, cause: unknown) =>
  new BackendUnavailableError("TFJS_MISSING", `the package ${name} is not installed`, {
    where: whereOf(device),
    fix: `Install it: ${install}`,
    cause,
  });

export const packageBroken = (device: TfjsDevice, name: string, install: string, cause: unknown) =>
  new BackendUnavailableError("TFJS_BROKEN", `${name} is installed but cannot be loaded: ${reasonOf(cause)}`, {
    where: whereOf(device),
    fix: `Install it again for this platform: ${install}`,
    cause,
  });

/** Its install script downloads libtensorflow and the addon: without scripts, or without a network, they are not there. */
export const addonMissing = (device: TfjsDevice, name: string, cause: unknown) =>
  new BackendUnavailableError("TFJS_ADDON_MISSING", `${name} is installed without its native addon`, {
    where: whereOf(device),
    fix: `Let its install script run, with a network: npm rebuild ${name}; or use tfjs/wasm.`,
    cause,
  });

export const otherAddonLoaded = (device: TfjsDevice, loaded: string, asked: string) =>
  new BackendUnavailableError("TFJS_OTHER_ADDON", `${loaded} is loaded, and ${asked} cannot be loaded beside it`, {
    where: whereOf(device),
    fix: "Use one of the two in a process.",
  });

export const graphicsUnused = (device: TfjsDevice, adapters: readonly string[]) =>
  new BackendUnavailableError(
    "TFJS_DEVICE_UNAVAILABLE",
    `libtensorflow was loaded and uses the processor${adapters.length > 0 ? `, though there is ${adapters[0]}` : ": no NVIDIA adapter was found"}`,
    {
      where: whereOf(device),
      fix: "Install an NVIDIA driver with CUDA 11.2 and cuDNN 8.1, which this version is made for; or use tfjs/node.",
    },
  );

export const adapterMissing = (device: TfjsDevice, cause?: unknown) =>
  new BackendUnavailableError(
    "TFJS_DEVICE_UNAVAILABLE",
    `WebGPU found no graphics adapter${cause === undefined ? "" : `: ${reasonOf(cause)}`}`,
    {
      where: whereOf(device),
      fix: "Install a Vulkan, Metal or Direct3D 12 driver for a graphics device (Mesa 25 or later in software); or use tfjs/wasm.",
      cause,
    },
  );

export const browsersOnly = (device: TfjsDevice) =>
  new BackendUnavailableError("TFJS_DEVICE_UNAVAILABLE", "WebGL exists in browsers only, and this is Node", {
    where: whereOf(device),
    fix: "In a browser, hand the namespace to tfjsBackend; here use tfjs/webgpu or tfjs/wasm.",
  });

export const deviceFailed = (device: TfjsDevice, cause: unknown) =>
  new BackendUnavailableError("TFJS_DEVICE_UNAVAILABLE", `TensorFlow.js cannot use ${device}: ${reasonOf(cause)}`, {
    where: whereOf(device),
    fix: "Install its packages again in one version, 4.22 or later of 4; or use another device.",
    cause,
  });
