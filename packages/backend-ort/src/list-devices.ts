import { availableParallelism } from "node:os";
import { isSemblanceError } from "@semblance/core";
import type { Provider } from "./kernel.js";
import { PROVIDERS } from "./ort-backend.js";
import { probe } from "./probe.js";
import { loadRuntime } from "./runtime.js";

/** One line of `semblance doctor`. */
export interface DeviceReport {
  /** The backend's name in a job file. */
  readonly name: string;
  readonly available: boolean;
  /** What it runs on, in words. */
  readonly device: string;
  /** Why it is not available. */
  readonly reason?: string;
  /** What to do about that. */
  readonly cure?: string;
}

/** What this package can run on here, and the reasons why it cannot on the rest. Never throws. */
export async function listDevices(load: typeof loadRuntime = loadRuntime): Promise<DeviceReport[]> {
  const reports: DeviceReport[] = [];
  for (const provider of PROVIDERS) {
    const name = provider === "cpu" ? "ort" : `ort/${provider}`;
    try {
      const runtime = await load();
      await probe(runtime, provider);
      reports.push({ name, available: true, device: describe(provider, runtime.env.versions.node) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const cure = isSemblanceError(error) ? error.fix : undefined;
      reports.push({
        name,
        available: false,
        device: describe(provider),
        reason,
        ...(cure === undefined ? {} : { cure }),
      });
    }
  }
  return reports;
}

function describe(provider: Provider, version?: string): string {
  const where = provider === "cpu" ? `processor, ${availableParallelism()} threads` : provider;
  return version === undefined ? `onnxruntime on ${where}` : `onnxruntime ${version} on ${where}`;
}
