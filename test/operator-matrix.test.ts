import { ortBackend } from "@semblance/backend-ort";
import { tfjsNodeBackend } from "@semblance/backend-tfjs/node";
import { referenceBackend } from "@semblance/core";
import { expect, it } from "vitest";
import { type MatrixBackend, operatorMatrix } from "./support/operator-matrix.js";

/** TensorFlow.js has no float64: a program with such a tensor is refused. */
const FLOAT32_ONLY = {
  dtypes: ["float32", "int32", "bool"],
  skip: (title: string) => (title.includes("to float64") ? "there is no float64 to cast to" : undefined),
} as const;

const backends: readonly MatrixBackend[] = [
  { name: "reference", make: referenceBackend },
  { name: "ort", make: () => ortBackend({ threads: 1 }) },
  { name: "tfjs/wasm", make: () => tfjsNodeBackend({ device: "wasm" }), options: FLOAT32_ONLY },
  { name: "tfjs/cpu", make: () => tfjsNodeBackend({ device: "cpu" }), options: FLOAT32_ONLY },
];

const INTRODUCTION = `# Primitives and backends

Made from the conformance suite by \`npm run operators\`; a test fails when it is out of date. A cell says which element types pass and
how many checks that are: each case of the primitive, and the derivative of each smooth one, against the float64 reference. Cases of
millions of elements run in the backends' own tests only. A type that is missing is refused before a program runs. What WebGPU devices
do is in [webgpu.md](webgpu.md).

`;

it("docs/operators.md says what the suite finds", async () => {
  await expect(INTRODUCTION + (await operatorMatrix(backends))).toMatchFileSnapshot("../docs/operators.md");
});
