import type { TfjsDevice } from "./device.js";
import { deviceLost, graphicsFailed } from "./errors.js";

/** What of a `GPUDevice` is used here. */
interface GraphicsDevice {
  readonly lost: Promise<unknown>;
  pushErrorScope(filter: string): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
}

/** TensorFlow.js's WebGPU backend: it leaves commands in a queue of its own until someone reads a result. */
interface GraphicsBackend {
  readonly device: GraphicsDevice;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

const FILTERS = ["validation", "out-of-memory", "internal"] as const;

const lost = new WeakSet<GraphicsDevice>();
const watched = new WeakSet<GraphicsDevice>();

/**
 * Runs kernels on WebGPU and waits until the device has taken them.
 *
 * A shader that does not compile, or memory that is not there, is no exception: the device reports it later, to nobody, and what is read
 * from the results is whatever lies there.
 *
 * @throws BackendError RUN_FAILED, TFJS_DEVICE_LOST
 */
export async function withGraphicsErrors(
  backend: unknown,
  device: TfjsDevice,
  graph: string,
  run: () => void,
): Promise<void> {
  const tensorflow = backend as GraphicsBackend;
  const graphics = tensorflow.device;
  watch(graphics);
  for (const filter of FILTERS) graphics.pushErrorScope(filter);
  let popped: Promise<({ readonly message: string } | null)[]>;
  try {
    run();
    // As it does itself before it reads a result.
    tensorflow.ensureCommandEncoderReady();
    tensorflow.endComputePassEncoder();
    tensorflow.submitQueue();
  } finally {
    // Nothing is awaited up to here, so that errors of other programs are not taken for ours.
    popped = Promise.all(FILTERS.map(() => graphics.popErrorScope()));
    popped.catch(() => {});
  }
  const errors = await popped.catch((cause) => {
    throw graphicsFailed(device, graph, cause instanceof Error ? cause.message : String(cause));
  });
  if (lost.has(graphics)) throw deviceLost(device);
  const error = errors.find((found) => found !== null);
  if (error) throw graphicsFailed(device, graph, error.message);
}

function watch(graphics: GraphicsDevice): void {
  if (watched.has(graphics)) return;
  watched.add(graphics);
  void graphics.lost.then(() => lost.add(graphics));
}
