import { describe, expect, it } from "vitest";
import type { ndarray } from "../../src/arrays/nd-array.js";
import { type BackendCheckOptions, backendChecks } from "../../src/checks/backend-checks.js";
import { opCases } from "../../src/checks/op-cases.js";
import type { Backend } from "../../src/contracts/backend.js";
import { resultsOf } from "../../src/ir/program.js";
import { topologicalOrder } from "../../src/ir/tensor.js";
import { referenceBackend } from "../../src/reference/reference-backend.js";
import { failures } from "./failing-titles.js";

/** The reference, with what comes out of a program's runs spoilt. */
function spoilt(
  spoil: (name: string, outputs: Record<string, ReturnType<typeof ndarray>>, ops: readonly string[]) => void,
): Backend {
  const backend = referenceBackend();
  return {
    ...backend,
    dispose: () => backend.dispose(),
    async compile(program) {
      const executable = await backend.compile(program);
      const ops = topologicalOrder(resultsOf(program)).map(({ op }) => op.name);
      return {
        read: (names) => executable.read(names),
        write: (values) => executable.write(values),
        dispose: () => executable.dispose(),
        async run(feeds) {
          const outputs = await executable.run(feeds);
          spoil(program.name, outputs, ops);
          return outputs;
        },
      };
    },
  };
}

const failing = (backend: () => Backend, groups: readonly string[], options: BackendCheckOptions = {}) =>
  failures(backendChecks(backend, { large: false, ...options }).filter(({ group }) => groups.includes(group)));

describe("a backend", () => {
  it("with one wrong primitive is caught, by its name and type", async () => {
    const wrong = () =>
      spoilt((_, { y0 }, ops) => {
        if (ops.at(-1) === "exp" && y0 && y0.dtype === "float64" && y0.data.length > 0) y0.data[0]! *= 1 + 1e-9;
      });
    const failed = await failing(wrong, ["exp", "log"]);
    expect(Object.keys(failed).length).toBeGreaterThan(2);
    for (const title of Object.keys(failed)) expect(title).toMatch(/^exp: .*float64$/);
  });

  it("that is wrong only where two primitives meet is caught by drawn programs", async () => {
    const fused = () =>
      spoilt((_, outputs, ops) => {
        if (!ops.includes("expand") || !ops.includes("mul")) return;
        for (const array of Object.values(outputs))
          if (array.dtype === "float64")
            array.data.forEach((x, at) => {
              array.data[at] = x * 1.001;
            });
      });
    expect(await failing(fused, ["drawn programs", "expand", "mul"])).toEqual({
      "drawn programs: 40 of them, float64": "CHECK_VALUE_WRONG",
    });
  });

  it("whose memory grows is caught where it can tell", async () => {
    let held = 0;
    const leaking = () =>
      spoilt(() => {
        held += 8;
      });
    const failed = await failing(leaking, ["memory"], { memory: () => held });
    expect(failed["memory: is flat over 300 calls"]).toBe("CHECK_MEMORY_GROWS");
    expect(failed["memory: of programs that were disposed of is given back"]).toBe("CHECK_MEMORY_GROWS");
    expect(await failing(leaking, ["memory"])).toEqual({});
  });

  it("that is not deterministic is caught", async () => {
    let calls = 0;
    const shaky = () =>
      spoilt((_, { loss }) => {
        if (loss) loss.data[0]! += 1e-3 * calls++;
      });
    expect(await failing(shaky, ["determinism"])).toEqual({
      "determinism: training twice gives the same bytes": "CHECK_VALUE_WRONG",
    });
  });

  it("is told why a check is skipped, and its titles say primitive and type", () => {
    const checks = backendChecks(referenceBackend, {
      skip: (title) => (title.endsWith("float64") ? "no float64" : undefined),
    });
    expect(checks.find(({ title }) => title === "exp: of a scalar, float64")).toMatchObject({
      group: "exp",
      skip: "no float64",
    });
    const groups = new Set(checks.map(({ group }) => group));
    for (const name of Object.keys(opCases)) expect(groups).toContain(name);
    const titles = checks.map(({ group, title }) => `${group}|${title}`);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
