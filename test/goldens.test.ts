import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { ortBackend } from "@semblance/backend-ort";
import { tfjsBackend } from "@semblance/backend-tfjs";
import {
  type Backend,
  type Case,
  compareCase,
  createCatalogue,
  definePlugin,
  EVALUABLE_KINDS,
  evaluateCase,
  parseCases,
  referenceBackend,
} from "@semblance/core";
import { measures } from "@semblance/eval";
import { bregmanPlugin } from "@semblance/losses-bregman";
import { clusteringPlugin } from "@semblance/losses-clustering";
import { geminiPlugin } from "@semblance/losses-gemini";
import { metricPlugin } from "@semblance/losses-metric";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// In Node the .wasm files are looked for where they are not.
setWasmPaths(
  fileURLToPath(new URL(".", `file://${createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")}`)),
);

/**
 * Values and gradients against the shared golden cases: every case of every file whose kind can be evaluated and whose name is
 * registered, on every backend. Names that nobody has registered yet are listed, not passed over in silence.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = fileURLToPath(new URL(`${process.env.SEMBLANCE_SHARED ?? "../shared"}/goldens/`, `file://${root}`));

const catalogue = createCatalogue([
  geminiPlugin,
  bregmanPlugin,
  clusteringPlugin,
  metricPlugin,
  definePlugin({
    name: "measures",
    version: "1.0.0",
    core: "*",
    register: (registry) => measures.forEach((measure) => registry.add(measure)),
  }),
]);

type EvaluableKind = (typeof EVALUABLE_KINDS)[number];
const isEvaluable = (kind: string): kind is EvaluableKind => (EVALUABLE_KINDS as readonly string[]).includes(kind);
const isRegistered = ({ kind, name }: Case) =>
  isEvaluable(kind) && catalogue.list(kind).some((entry) => entry.name === name);
const nameOf = ({ kind, name }: Case) => `${kind} ${name}`;

if (!existsSync(folder)) {
  describe.skip(`golden cases: there is no folder ${folder}; set SEMBLANCE_SHARED`, () => it("run", () => {}));
} else {
  const cases = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .flatMap((file) => parseCases(readFileSync(`${folder}${file}`, "utf8"), file));
  const runnable = new Map<string, Case[]>();
  for (const item of cases.filter(isRegistered)) {
    runnable.set(nameOf(item), [...(runnable.get(nameOf(item)) ?? []), item]);
  }

  describe.each([
    ["reference", async () => referenceBackend()],
    ["ort", () => ortBackend()],
    ["tfjs/wasm", () => tfjsBackend({ tf, device: "wasm" })],
    ["tfjs/cpu", () => tfjsBackend({ tf, device: "cpu" })],
  ] as [string, () => Promise<Backend>][])("golden cases on %s", (backendName, make) => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await make();
    });
    afterAll(() => backend?.dispose());

    for (const [name, group] of runnable) {
      // These are computed on the host in float64, whatever the backend.
      const onHost = ["measure", "optimal-transport"].includes(group[0]!.kind);
      if (onHost && backendName !== "reference") continue;
      it(`${name}: ${group.length} cases`, async () => {
        const failures: string[] = [];
        for (const item of group) {
          const tolerance = item.tolerance![onHost ? "float64" : backend.float];
          const comparison = compareCase(item, await evaluateCase(item, { catalogue, backend }), tolerance);
          failures.push(...comparison.failures.map((failure) => `${item.id} (${item.note ?? "no note"}): ${failure}`));
        }
        expect(failures).toEqual([]);
      });
    }
  });

  describe("golden cases", () => {
    it("exist for everything registered that can be evaluated", () => {
      const covered = new Set(cases.map(nameOf));
      const registered = EVALUABLE_KINDS.flatMap((kind) => catalogue.list(kind).map(({ name }) => `${kind} ${name}`));
      // Measures that the contract does not name have their own tests in their package, as has what no case can say.
      const elsewhere = ["divergence custom", "miner pair-margin"];
      const tested = (name: string) => covered.has(name) || name.startsWith("measure ") || elsewhere.includes(name);
      expect(registered.filter((name) => !tested(name))).toEqual([]);
    });

    it("are counted", () => {
      const ran = [...runnable.values()].reduce((total, group) => total + group.length, 0);
      const unknown = [...new Set(cases.filter((item) => !isRegistered(item)).map(nameOf))];
      console.log(`golden cases: ${ran} of ${cases.length} ran; not registered yet: ${unknown.join(", ") || "none"}`);
      expect(ran).toBeGreaterThan(0);
    });
  });
}
