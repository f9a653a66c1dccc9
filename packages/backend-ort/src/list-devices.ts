import { availableParallelism } from "node:os";
import { absentDevice, type DeviceReport } from "@semblance/core";
import { describeProcessor, graphicsAdapters } from "@semblance/core/node";
import type { Provider } from "./kernel.js";
import { nameOf, PROVIDERS } from "./ort-backend.js";
import { probe } from "./probe.js";
import { loadRuntime, type Runtime } from "./runtime.js";

/** What this package can run on here, and the reasons why it cannot on the rest. Never throws. */
export async function listDevices(load?: typeof loadRuntime): Promise<DeviceReport[]> {
  const reports: DeviceReport[] = [];
  for (const provider of PROVIDERS) reports.push(await reportDevice(provider, load));
  return reports;
}

/** What there is to say of one of onnxruntime's execution providers on this machine. Never throws. */
export async function reportDevice(provider: Provider, load: typeof loadRuntime = loadRuntime): Promise<DeviceReport> {
  const name = nameOf(provider);
  let runtime: Runtime | undefined;
  try {
    runtime = await load();
    await probe(runtime, provider);
    const hardware = await hardwareOf(provider);
    return { name, available: true, ...describe(provider, runtime), ...(hardware === undefined ? {} : { hardware }) };
  } catch (error) {
    return absentDevice({ name, ...describe(provider, runtime) }, error);
  }
}

function describe(provider: Provider, runtime: Runtime | undefined): Pick<DeviceReport, "device" | "version"> {
  const where = provider === "cpu" ? `processor, ${availableParallelism()} threads` : provider;
  if (!runtime) return { device: `onnxruntime on ${where}` };
  const version = runtime.env.versions.node!;
  return { device: `onnxruntime ${version} on ${where}`, version };
}

/** onnxruntime does not say which adapter it took through WebGPU, so that nothing is said rather than guessed. */
async function hardwareOf(provider: Provider): Promise<string | undefined> {
  if (provider === "cpu") return describeProcessor();
  return provider === "cuda" ? (await graphicsAdapters())[0] : undefined;
}
