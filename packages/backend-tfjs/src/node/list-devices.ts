import { absentDevice, add, type Backend, type DeviceReport, ndarray, spec, trace } from "@semblance/core";
import { describeProcessor, graphicsAdapters, processor } from "@semblance/core/node";
import { DEVICES, type TfjsDevice } from "../device.js";
import { tfjsBackend } from "../tfjs-backend.js";
import { deviceFailed } from "./errors.js";
import { type Importer, importer } from "./import-package.js";
import { loadTensorflow } from "./load-tensorflow.js";
import type { LoadedTensorflow } from "./loaded-tensorflow.js";

/** What TensorFlow.js can run on here, and the reasons why it cannot on the rest. Never throws. */
export async function listDevices(load?: Importer): Promise<DeviceReport[]> {
  const reports: DeviceReport[] = [];
  for (const device of Object.keys(DEVICES) as TfjsDevice[]) reports.push(await reportDevice(device, load));
  return reports;
}

/** What there is to say of one of TensorFlow.js's devices on this machine. Never throws. */
export async function reportDevice(device: TfjsDevice, load: Importer = importer): Promise<DeviceReport> {
  const name = `tfjs/${device}`;
  let loaded: LoadedTensorflow | undefined;
  try {
    loaded = await loadTensorflow(device, load);
    const backend = await tfjsBackend({ tf: loaded.tf, device });
    try {
      await tryOut(backend);
    } catch (cause) {
      throw deviceFailed(device, cause);
    } finally {
      await backend.dispose();
    }
    const hardware = await hardwareOf(device, loaded);
    return { name, available: true, ...describe(device, loaded), ...(hardware === undefined ? {} : { hardware }) };
  } catch (error) {
    return absentDevice({ name, ...describe(device, loaded) }, error);
  } finally {
    loaded?.release?.();
  }
}

/** A sum on the device, which is the only sure way to learn whether it is there. */
async function tryOut(backend: Backend): Promise<void> {
  const program = trace({
    name: "probe",
    inputs: { x: spec("float32", [1]) },
    build: ({ x }) => ({ outputs: { y: add(x, x) } }),
  });
  const executable = await backend.compile(program);
  const { y } = await executable.run({ x: ndarray("float32", [1], [21]) });
  await executable.dispose();
  if (y!.data[0] !== 42) throw new Error(`21 + 21 came out as ${y!.data[0]}`);
}

function describe(device: TfjsDevice, loaded: LoadedTensorflow | undefined): Pick<DeviceReport, "device" | "version"> {
  const version = loaded?.tf.version_core;
  if (version === undefined) return { device: `TensorFlow.js on ${DEVICES[device].words}` };
  return { device: `TensorFlow.js ${version} on ${DEVICES[device].words}`, version };
}

async function hardwareOf(device: TfjsDevice, { tf, hardware }: LoadedTensorflow): Promise<string | undefined> {
  switch (device) {
    case "wasm": {
      const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
      return describeProcessor({ model: processor().model, threads: 1, simd: simd ? "SIMD" : "no SIMD" });
    }
    case "cpu":
      return describeProcessor({ model: processor().model, threads: 1 });
    case "node":
      return describeProcessor();
    case "node-gpu":
      return (await graphicsAdapters())[0];
    case "webgpu":
    case "webgl":
      return hardware;
    default:
      return device satisfies never;
  }
}
