import { DTYPES } from "../arrays/dtype.js";
import type { Backend } from "../contracts/backend.js";
import { carriesChecks } from "./backend/carries.js";
import { determinismChecks } from "./backend/determinism.js";
import { drawnProgramsChecks } from "./backend/drawn-programs.js";
import { feedsChecks } from "./backend/feeds.js";
import { hostOperatorsChecks } from "./backend/host-operators.js";
import { indicesChecks } from "./backend/indices.js";
import { lifetimeChecks } from "./backend/lifetime.js";
import { memoryChecks } from "./backend/memory.js";
import { primitivesChecks } from "./backend/primitives.js";
import { resultsChecks } from "./backend/results.js";
import type { BackendCheckOptions, Setting } from "./backend/setting.js";
import type { Check } from "./check.js";

export type { BackendCheckOptions } from "./backend/setting.js";

/**
 * What every backend owes: all cases of all primitives in every element type against the float64 reference, drawn programs, and the
 * behaviour of compiled programs (carries, host operators, results, refusals, lifetime, memory, determinism).
 *
 * The group of a primitive's checks is its name, and their titles read `PRIMITIVE: CASE, DTYPE`. All checks share one backend, which
 * the first one makes; the last check of the list disposes of it.
 */
export function backendChecks(make: () => Backend | Promise<Backend>, options: BackendCheckOptions = {}): Check[] {
  const checks: Check[] = [];
  let shared: Promise<Backend> | undefined;
  const setting: Setting = {
    backend() {
      shared ??= Promise.resolve().then(make);
      return shared;
    },
    make,
    dtypes: options.dtypes ?? DTYPES,
    options,
    test(title, run) {
      const [group] = title.split(": ") as [string];
      const reason = options.skip?.(title);
      checks.push({ group, title, run, ...(reason === undefined ? {} : { skip: reason }) });
    },
  };
  primitivesChecks(setting);
  drawnProgramsChecks(setting);
  carriesChecks(setting);
  resultsChecks(setting);
  hostOperatorsChecks(setting);
  feedsChecks(setting);
  indicesChecks(setting);
  lifetimeChecks(setting);
  memoryChecks(setting);
  determinismChecks(setting);
  // Not `setting.test`: what holds a device must be let go of, whatever is skipped.
  checks.push({
    group: "disposal",
    title: "disposal: the backend of all these checks lets go",
    async run() {
      const held = shared;
      shared = undefined;
      await (await held)?.dispose();
    },
  });
  return checks;
}
