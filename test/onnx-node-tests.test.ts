import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { ortBackend } from "@semblance/backend-ort";
import { tfjsBackend } from "@semblance/backend-tfjs";
import { type Backend, type FloatDType, referenceBackend } from "@semblance/core";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ARCHIVE,
  archiveIsThere,
  type NodeTest,
  type Plan,
  plan,
  readNodeTests,
  runPlan,
} from "./support/onnx-node-tests.js";
import { operatorPage } from "./support/onnx-operator-page.js";

setWasmPaths(
  fileURLToPath(new URL(".", `file://${createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")}`)),
);

/** Each backend with the type in which it computes floats; undefined is that of the file. */
const backends: readonly (readonly [name: string, float: FloatDType | undefined, make: () => Promise<Backend>])[] = [
  ["reference", "float64", async () => referenceBackend()],
  ["ort", undefined, () => ortBackend()],
  ["tfjs/wasm", "float32", () => tfjsBackend({ tf, device: "wasm" })],
  ["tfjs/cpu", "float32", () => tfjsBackend({ tf, device: "cpu" })],
];

if (!archiveIsThere) {
  describe.skip(`ONNX node tests: there is no ${ARCHIVE}; set SEMBLANCE_SHARED`, () => it("run", () => {}));
} else {
  const tests: readonly NodeTest[] = await readNodeTests();
  const planned = new Map(backends.map(([name, float]) => [name, tests.map((test) => plan(test, float))]));

  describe.each(backends)("ONNX node tests on %s", (name, _, make) => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await make();
    });
    afterAll(() => backend?.dispose());

    tests.forEach((test, at) => {
      const own = planned.get(name)![at]!;
      if (typeof own === "string") it.skip(`${test.name}: ${own}`, () => {});
      else it(test.name, async () => expect(await runPlan(own as Plan, backend)).toBeUndefined());
    });
  });

  describe("ONNX node tests", () => {
    it("are counted, and what does not run is listed with the reason", async () => {
      const counts = [...planned].map(
        ([name, plans]) => `${name} ${plans.filter((own) => typeof own !== "string").length}`,
      );
      console.log(`ONNX node tests: of ${tests.length} run: ${counts.join(", ")}`);
      await expect(operatorPage(tests, planned)).toMatchFileSnapshot("../docs/onnx-operators.md");
    });
  });
}
