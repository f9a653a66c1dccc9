import { parseConfig } from "../container/parse-config.js";
import type { BackendEntry } from "../contracts/backend-entry.js";
import type { DeviceReport } from "../contracts/device-report.js";
import { isSemblanceError } from "../errors.js";

/** What this machine has for a registered backend. Never throws: one that fails is reported with the reason. */
export async function reportBackend(entry: BackendEntry): Promise<DeviceReport> {
  try {
    // The name by which it was asked for is what the reader looks for.
    if (entry.report) return { ...(await entry.report()), name: entry.name };
    const backend = await entry.create(parseConfig(entry.config, {}, `backend "${entry.name}"`));
    try {
      return { name: entry.name, available: true, device: backend.device };
    } finally {
      await backend.dispose();
    }
  } catch (error) {
    return absentDevice({ name: entry.name, device: entry.summary }, error);
  }
}

/** The report of a device that cannot be had, from the error that says so. */
export function absentDevice(
  facts: Pick<DeviceReport, "name" | "device" | "version" | "hardware">,
  error: unknown,
): DeviceReport {
  const reason = error instanceof Error ? error.message : String(error);
  const cure = isSemblanceError(error) ? error.fix : undefined;
  return { ...facts, available: false, reason, ...(cure === undefined ? {} : { cure }) };
}
