import { BackendError, BackendUnavailableError, ConfigError, type DType } from "@semblance/core";
import { DEVICES, type TfjsDevice } from "./device.js";

/** Every error of this package, with its code. */

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
const whereIs = (device: TfjsDevice) => `backend "tfjs/${device}"`;

export const deviceUnknown = (device: unknown) =>
  new ConfigError("DEVICE_UNKNOWN", `TensorFlow.js has no device "${String(device)}"`, {
    where: 'backend "tfjs", option "device"',
    fix: `Use one of: ${Object.keys(DEVICES).join(", ")}.`,
  });

export const namespaceInvalid = (device: TfjsDevice, missing: readonly string[]) =>
  new ConfigError("NAMESPACE_INVALID", `the namespace lacks ${missing.join(", ")}`, {
    where: 'backend "tfjs", option "tf"',
    fix: `Pass all of it: import * as tf from "@tensorflow/tfjs-core", after import "${DEVICES[device].package}".`,
  });

export const memoryLimitInvalid = (limit: unknown) =>
  new ConfigError("MEMORY_LIMIT_INVALID", `memoryLimit is ${String(limit)}, and must be a positive number of bytes`, {
    where: 'backend "tfjs", option "memoryLimit"',
    fix: "Leave it out to use the device's own.",
  });

export const deviceUnavailable = (device: TfjsDevice, reason: string, cause?: unknown) =>
  new BackendUnavailableError("TFJS_DEVICE_UNAVAILABLE", `TensorFlow.js cannot use ${device}: ${reason}`, {
    where: whereIs(device),
    fix: `Install and import "${DEVICES[device].package}" beside the namespace that you pass, of the same version${CURES[device] ?? "."}`,
    ...(cause === undefined ? {} : { cause }),
  });

const CURES: Partial<Record<TfjsDevice, string>> = {
  wasm: "; where its .wasm files lie elsewhere, name their folder with setWasmPaths first.",
  webgpu: "; the system needs a Vulkan, Metal or Direct3D 12 driver.",
  "node-gpu": "; its native addon needs CUDA 11.2 and cuDNN 8.1.",
};

export const deviceLost = (device: TfjsDevice) =>
  new BackendError("TFJS_DEVICE_LOST", `the TensorFlow.js backend "${DEVICES[device].backend}" is not there any more`, {
    where: whereIs(device),
    fix: "Leave it registered while programs run on it, and make a new backend.",
  });

export const dtypeUnsupported = (device: TfjsDevice, place: string, op: string, dtype: DType) =>
  new BackendError("DTYPE_UNSUPPORTED", `"${op}" is ${dtype}, and TensorFlow.js has float32, int32 and bool`, {
    where: `${whereIs(device)}, ${place}`,
    fix: "Trace the program in float32, or run it on ort or reference.",
  });

export const runFailed = (device: TfjsDevice, program: string, op: string, cause: unknown) =>
  new BackendError("RUN_FAILED", `TensorFlow.js failed in "${op}": ${reasonOf(cause)}`, {
    where: `${whereIs(device)}, graph "${program}", operator "${op}"`,
    fix: "Where memory ran out, use a smaller batch; otherwise please report it with the program.",
    cause,
  });

export const graphicsFailed = (device: TfjsDevice, program: string, reason: string) =>
  new BackendError(
    "RUN_FAILED",
    `the graphics device failed: ${reason.split("\n").find((line) => line.trim()) ?? reason}`,
    {
      where: `${whereIs(device)}, graph "${program}"`,
      fix: "Where memory ran out, use a smaller batch; otherwise please report it with the program and the driver.",
      cause: reason,
    },
  );

export const memoryExceeded = (device: TfjsDevice, what: string, bytes: number, limit: number) =>
  new BackendError("MEMORY_LIMIT", `${what} needs ${megabytes(bytes)}, and the limit is ${megabytes(limit)}`, {
    where: `${whereIs(device)}, ${what}`,
    fix: "Use a smaller batch or model, dispose of programs that are done, or raise memoryLimit where there is room.",
  });

export const graphReleased = (graph: string) =>
  new BackendError("GRAPH_RELEASED", "this graph was released", {
    where: `graph "${graph}"`,
    fix: "Compile the program again.",
  });

/** Rounded up, so that what is needed never looks like what is there. */
const megabytes = (bytes: number) => `${(Math.ceil((bytes / 2 ** 20) * 10) / 10).toLocaleString("en")} MiB`;
