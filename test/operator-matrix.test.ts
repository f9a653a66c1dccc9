import { ortBackend } from "@semblance/backend-ort";
import { referenceBackend } from "@semblance/core";
import { expect, it } from "vitest";
import { type MatrixBackend, operatorMatrix } from "./support/operator-matrix.js";

const backends: readonly MatrixBackend[] = [
  { name: "reference", make: referenceBackend },
  { name: "ort", make: () => ortBackend({ threads: 1 }) },
];

const INTRODUCTION = `# Primitives and backends

Made from the conformance suite by \`npm run operators\`; a test fails when it is out of date. A cell says which element types pass and
how many checks that are: each case of the primitive, and the derivative of each smooth one, against the float64 reference. Cases of
millions of elements run in the backends' own tests only. A type that is missing is refused before a program runs.

`;

it("docs/operators.md says what the suite finds", async () => {
  await expect(INTRODUCTION + (await operatorMatrix(backends))).toMatchFileSnapshot("../docs/operators.md");
});
