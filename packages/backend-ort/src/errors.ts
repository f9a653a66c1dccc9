import { BackendError, BackendUnavailableError, ConfigError } from "@semblance/core";
import type { Provider } from "./kernel.js";

/** Every error of this package, with its code. */

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

export const runtimeMissing = (cause: unknown) =>
  new BackendUnavailableError("ORT_MISSING", "the package onnxruntime-node is not installed", {
    where: 'backend "ort"',
    fix: "Install it: npm install onnxruntime-node --ignore-scripts",
    cause,
  });

export const runtimeBroken = (cause: unknown) =>
  new BackendUnavailableError("ORT_BROKEN", `onnxruntime-node is installed but cannot be loaded: ${reasonOf(cause)}`, {
    where: 'backend "ort"',
    fix: "Install it again for this platform: npm install onnxruntime-node --ignore-scripts",
    cause,
  });

const cures: Readonly<Record<Provider, string>> = {
  cpu: "Install it again for this platform: npm install onnxruntime-node --ignore-scripts",
  cuda: "Install the CUDA files (ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node), CUDA 12 and cuDNN 9; or use the processor: backend ort, --backend ort.",
  webgpu:
    "Install a Vulkan, Metal or Direct3D 12 driver for a graphics device (Mesa 25 or later in software); or use the processor: backend ort, --backend ort.",
};

export const deviceUnavailable = (provider: Provider, cause: unknown) =>
  new BackendUnavailableError("ORT_DEVICE_UNAVAILABLE", `onnxruntime cannot use ${provider}: ${firstLine(cause)}`, {
    where: `backend "${provider === "cpu" ? "ort" : `ort/${provider}`}"`,
    fix: cures[provider],
    cause,
  });

export const deviceUnknown = (device: string, known: readonly string[]) =>
  new ConfigError("DEVICE_UNKNOWN", `onnxruntime has no device "${device}" here`, {
    where: 'backend "ort", option "device"',
    fix: `Use one of: ${known.join(", ")}.`,
  });

export const threadsInvalid = (threads: unknown) =>
  new ConfigError("THREADS_INVALID", `threads is ${String(threads)}, and must be a whole number from 1 to 1024`, {
    where: 'backend "ort", option "threads"',
    fix: "Leave it out to use every processor.",
  });

export const compileFailed = (graph: string, cause: unknown) =>
  new BackendError("COMPILE_FAILED", `onnxruntime refused the graph: ${reasonOf(cause)}`, {
    where: `graph "${graph}"`,
    fix: "This is a fault of the lowering: please report it with the program.",
    cause,
  });

export const runFailed = (graph: string, cause: unknown) =>
  new BackendError("RUN_FAILED", `onnxruntime failed while running: ${reasonOf(cause)}`, {
    where: `graph "${graph}"`,
    fix: "Where memory ran out, use a smaller batch; otherwise please report it with the program.",
    cause,
  });

export const convolutionWrong = (primitive: string, shapes: string, device: string, difference: string) =>
  new BackendError("PRIMITIVE_WRONG", `${primitive}: ${shapes} comes out wrong on ${device}: ${difference}`, {
    where: `operator "${primitive}" on backend "ort/${device}"`,
    fix: 'Use backend "ort", and please report this message with the graphics device and its driver.',
  });

export const sessionReleased = (graph: string) =>
  new BackendError("SESSION_RELEASED", "the session of this graph was released", {
    where: `graph "${graph}"`,
    fix: "Compile the program again.",
  });

/** Without the place in onnxruntime's own sources and the condition there, which say nothing to who reads it. */
function firstLine(cause: unknown): string {
  return reasonOf(cause)
    .split("\n")[0]!
    .replace(/^\S*onnxruntime\S*\.cc:\d+ .* was false\. /, "")
    .trim();
}
