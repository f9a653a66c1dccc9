import { DEVICES, type TfjsDevice } from "./device.js";
import { deviceLost, deviceUnavailable, namespaceInvalid } from "./errors.js";
import { withGraphicsErrors } from "./graphics-errors.js";
import type { TfApi } from "./tf-api.js";

const CALLED = ["setBackend", "ready", "getBackend", "findBackend", "engine", "tensor", "memory"] as const;

/**
 * A namespace that the user handed in, and the one of its backends that our numbers are on. TensorFlow.js has a current backend per
 * namespace, which other code may change at any time.
 */
export class Namespace {
  private constructor(
    readonly tf: TfApi,
    readonly device: TfjsDevice,
  ) {}

  /** @throws ConfigError NAMESPACE_INVALID; BackendUnavailableError TFJS_DEVICE_UNAVAILABLE */
  static async open(tf: TfApi, device: TfjsDevice): Promise<Namespace> {
    const given = (tf ?? {}) as unknown as Record<string, unknown>;
    const missing = CALLED.filter((name) => typeof given[name] !== "function");
    if (missing.length > 0) throw namespaceInvalid(device, missing);
    tf.enableProdMode?.();
    const { backend } = DEVICES[device];
    let ready: boolean;
    try {
      ready = await tf.setBackend(backend);
      await tf.ready();
    } catch (cause) {
      throw deviceUnavailable(device, cause instanceof Error ? cause.message : String(cause), cause);
    }
    if (!ready) throw deviceUnavailable(device, `its backend "${backend}" did not start`);
    return new Namespace(tf, device);
  }

  /**
   * Calls `body`, which must not wait for anything, with our backend as the current one; whatever was current before is so again.
   *
   * @throws BackendError TFJS_DEVICE_LOST
   */
  within<Result>(body: () => Result): Result {
    const { tf } = this;
    const { backend } = DEVICES[this.device];
    const before = tf.getBackend();
    if (before === backend) return body();
    this.#select(backend);
    try {
      return body();
    } finally {
      if (before && tf.findBackend(before)) this.#select(before);
    }
  }

  /** Runs kernels, and waits until the device has taken them where it tells of errors only then. */
  async running(graph: string, kernels: () => void): Promise<void> {
    if (this.device !== "webgpu") return this.within(kernels);
    const backend = this.tf.findBackend(DEVICES[this.device].backend);
    if (!backend) throw deviceLost(this.device);
    await withGraphicsErrors(backend, this.device, graph, () => this.within(kernels));
  }

  /** A backend that has started becomes current at once; the promise is for those that have not. */
  #select(backend: string): void {
    if (!this.tf.findBackend(backend)) throw deviceLost(this.device);
    void this.tf.setBackend(backend);
    if (this.tf.getBackend() !== backend) throw deviceLost(this.device);
  }
}
