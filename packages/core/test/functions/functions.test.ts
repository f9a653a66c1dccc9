import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ndarray } from "../../src/arrays/nd-array.js";
import { caseFeeds, caseProgram } from "../../src/checks/case-program.js";
import { checkGradients } from "../../src/checks/check-gradients.js";
import { differenceOf } from "../../src/checks/difference.js";
import { drawInputs } from "../../src/checks/op-cases/op-case.js";
import { runOnce } from "../../src/checks/run-once.js";
import { referenceBackend } from "../../src/reference/reference-backend.js";
import { arrangementCases } from "./arrangement.js";
import type { FunctionCase } from "./function-case.js";
import { geometryCases } from "./geometry.js";
import { logSpaceCases } from "./log-space.js";
import { statisticsCases } from "./statistics.js";

/** File in src/functions → cases. */
const cases: Readonly<Record<string, readonly FunctionCase[]>> = {
  ...arrangementCases,
  ...geometryCases,
  ...logSpaceCases,
  ...statisticsCases,
};

const files = readdirSync(new URL("../../src/functions", import.meta.url))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.replace(/\.ts$/, ""));

it("every composite function has cases, and every case a function", () => {
  expect(Object.keys(cases).sort()).toEqual(files.sort());
});

describe.each(Object.entries(cases))("%s", (name, all) => {
  const backend = referenceBackend();

  it.each(all.map((each) => [each.subject.name, each] as const))(
    "%s: is what plain loops give",
    async (_, { subject, plain }) => {
      const program = caseProgram(name, subject, "float64");
      const results = Object.values(await runOnce(backend, program, caseFeeds(name, subject, "float64", program)));
      const expected = plain(...drawInputs(name, subject, "float64"));
      expect(results.length).toBe(expected.length);
      results.forEach((result, at) => {
        expect(result.data.length).toBe(expected[at]!.length);
        const wanted = ndarray(result.dtype, result.shape, expected[at]!);
        expect(differenceOf(result, wanted, { tolerance: 1e-12 })).toBeUndefined();
      });
    },
  );

  const smooth = all.filter(({ subject }) => subject.differentiable.length > 0);
  it.runIf(smooth.length > 0).each(smooth.map(({ subject }) => [subject.name, subject] as const))(
    "%s: its derivatives are differences",
    async (_, subject) => {
      await checkGradients((...inputs) => subject.build(inputs, "float64"), drawInputs(name, subject, "float64"), {
        wrt: subject.differentiable,
        name: `${name} ${subject.name}`,
      });
    },
  );
});

it("every function of floating-point tensors is differentiated in some case", () => {
  const without = Object.entries(cases).filter(([, all]) =>
    all.every(({ subject }) => subject.differentiable.length === 0),
  );
  // Indices have no derivative.
  expect(without.map(([name]) => name)).toEqual(["one-hot"]);
});
