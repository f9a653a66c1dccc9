import type { Backend } from "./backend.js";
import type { DeviceReport } from "./device-report.js";
import type { Entry } from "./entry.js";

/** A backend that can be had by name. Making one throws a BackendUnavailableError with reason and cure where it cannot be had. */
export interface BackendEntry<Config = unknown> extends Entry<Config> {
  readonly kind: "backend";
  create(config: Config): Promise<Backend>;
  /** What this machine has for it. Where it is left out, a backend is made to find out, with the defaults of its configuration. */
  report?(): Promise<DeviceReport>;
}

export function defineBackend<Config>(backend: Omit<BackendEntry<Config>, "kind">): BackendEntry<Config> {
  return { kind: "backend", ...backend };
}
