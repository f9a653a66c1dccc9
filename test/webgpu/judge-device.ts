import type { Backend } from "@semblance/core";
import { isSemblanceError } from "@semblance/core";
import { type BackendCheckOptions, backendChecks, type Check } from "@semblance/core/checks";
import { afterAll, beforeAll, describe, it, type TestContext } from "vitest";
import { cornersOf } from "./corners.js";
import { goldenGroups } from "./golden-cases.js";
import { drawnWindows } from "./windows.js";

/** Codes by which a backend says beforehand that it cannot do something. */
const REFUSALS = new Set(["DTYPE_UNSUPPORTED", "PRIMITIVE_UNSUPPORTED", "PRIMITIVE_WRONG"]);

/** Everything that a graphics device is held to: the conformance suite, drawn windows, corners of numbers, golden cases. */
export function judgeDevice(name: string, make: () => Promise<Backend>, options: BackendCheckOptions): void {
  describe(name, () => {
    for (const check of conformance(make, options)) {
      it(check.title, (context) => unlessRefused(context, check.skip, check.run));
    }
    let backend: Backend;
    beforeAll(async () => {
      backend = await make();
    });
    afterAll(() => backend?.dispose());
    const judgements = { ...cornersOf(options.dtypes), ...drawnWindows(options.dtypes), ...goldenGroups() };
    for (const [title, judge] of Object.entries(judgements)) {
      it(title, (context) => unlessRefused(context, undefined, () => judge(backend)));
    }
  });
}

/**
 * WebGPU lets a driver's logarithm be off by 2⁻²¹ between ½ and 2, and its exponential by 3 + 2|x| units in the last place, which is
 * seen where drawn programs use one after the other. Each primitive by itself is held to what every backend is.
 */
const DRAWN_SLACK = 8;

function conformance(make: () => Promise<Backend>, options: BackendCheckOptions): Check[] {
  const drawn = backendChecks(make, { ...options, dtypes: ["float32", "int32", "bool"], float32Slack: DRAWN_SLACK });
  return [
    ...backendChecks(make, options).filter(({ group }) => group !== "drawn programs"),
    ...drawn.filter(({ group }) => group === "drawn programs" || group === "disposal"),
  ];
}

/** A refusal is counted apart from a pass and from a failure. */
async function unlessRefused(context: TestContext, skip: string | undefined, run: () => Promise<void>): Promise<void> {
  if (skip !== undefined) context.skip(skip);
  try {
    await run();
  } catch (error) {
    if (isSemblanceError(error) && REFUSALS.has(error.code)) context.skip(`${error.code}: ${error.message}`);
    throw error;
  }
}
