import { afterAll, beforeAll, describe, it } from "vitest";
import { DTYPES } from "../arrays/dtype.js";
import type { Backend } from "../contracts/backend.js";
import { describeCarries } from "./backend-suite/carries.js";
import { describeDeterminism } from "./backend-suite/determinism.js";
import { describeFeeds } from "./backend-suite/feeds.js";
import { describeHostOperators } from "./backend-suite/host-operators.js";
import { describeLifetime } from "./backend-suite/lifetime.js";
import { describePrimitives } from "./backend-suite/primitives.js";
import { describeResults } from "./backend-suite/results.js";
import type { BackendSuiteOptions, Setting } from "./backend-suite/setting.js";

export type { BackendSuiteOptions } from "./backend-suite/setting.js";

/**
 * What every backend owes, as a vitest suite: all cases of all primitives against the float64 reference, and the behaviour of compiled
 * programs (carries, host operators, results, refusals, lifetime, determinism).
 *
 * ```text
 * describeBackend("ort", () => ortBackend({ device: "cpu" }));
 * ```
 */
export function describeBackend(
  name: string,
  makeBackend: () => Backend | Promise<Backend>,
  options: BackendSuiteOptions = {},
): void {
  describe(`backend ${name}`, () => {
    let backend: Backend | undefined;
    beforeAll(async () => {
      backend = await makeBackend();
    });
    afterAll(async () => {
      await backend?.dispose();
    });
    const setting: Setting = {
      backend: () => backend!,
      make: makeBackend,
      dtypes: options.dtypes ?? DTYPES,
      options,
      test: (title, body) => {
        const reason = options.skip?.(title);
        if (reason === undefined) it(title, body);
        else it.skip(`${title} (${reason})`, body);
      },
    };
    describePrimitives(setting);
    describeCarries(setting);
    describeResults(setting);
    describeHostOperators(setting);
    describeFeeds(setting);
    describeLifetime(setting);
    describeDeterminism(setting);
  });
}
