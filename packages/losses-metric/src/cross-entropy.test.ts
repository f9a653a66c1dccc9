import { buildContext, createCatalogue, Key, ndarray, referenceBackend, spec, trace } from "@semblance/core";
import { checkGradients, runOnce } from "@semblance/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metricPlugin } from "./metric-plugin.js";

const catalogue = createCatalogue([metricPlugin]);
const NAME = "classification/cross-entropy";
type Rows = readonly (readonly number[])[];

async function lossOf(
  logits: Rows,
  labels: readonly number[],
  reduction?: string,
  dtype: "float32" | "float64" = "float64",
) {
  const { entry, config } = catalogue.choose("loss", { name: NAME, ...(reduction ? { reduction } : {}) });
  const z = ndarray(dtype, [logits.length, logits[0]?.length ?? 0], logits.flat());
  const y = ndarray("int32", [labels.length], labels);
  const program = trace({
    name: NAME,
    inputs: { logits: spec(dtype, z.shape), labels: spec("int32", y.shape) },
    build: (inputs) => ({ outputs: { value: entry.build(inputs, config, buildContext(catalogue)) } }),
  });
  return (await runOnce(referenceBackend(), program, { logits: z, labels: y })).value!.data[0]!;
}

/** −log softmax(z)[y] in plain numbers, for logits of moderate size. */
const plain = (z: readonly number[], y: number) =>
  Math.log(z.reduce((total, value) => total + Math.exp(value - z[y]!), 0));

function draw({ seed, n, c }: { readonly seed: number; readonly n: number; readonly c: number }) {
  const key = Key.fromSeed(seed);
  const logits = Array.from({ length: n }, (_, i) => [...key.fold(i).normal(c)].map((value) => 3 * value));
  const labels = [...key.fold("labels").uniform(n, 0, c)].map(Math.floor);
  return { logits, labels };
}
const sizes = fc.record({ seed: fc.nat(1e6), n: fc.integer({ min: 1, max: 8 }), c: fc.integer({ min: 1, max: 6 }) });
const always = (law: (drawn: ReturnType<typeof draw>) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(sizes, (drawn) => law(draw(drawn))),
    { seed: 41, numRuns: 30 },
  );

describe("crossEntropy", () => {
  it("is its formula, under every reduction", () =>
    always(async ({ logits, labels }) => {
      const terms = logits.map((row, i) => plain(row, labels[i]!));
      const total = terms.reduce((a, b) => a + b, 0);
      const positive = terms.filter((term) => term > 0);
      expect(await lossOf(logits, labels)).toBeCloseTo(total / terms.length, 12);
      expect(await lossOf(logits, labels, "mean-valid")).toBeCloseTo(total / terms.length, 12);
      expect(await lossOf(logits, labels, "per-anchor")).toBeCloseTo(total / terms.length, 12);
      expect(await lossOf(logits, labels, "sum")).toBeCloseTo(total, 11);
      expect(await lossOf(logits, labels, "mean-nonzero")).toBeCloseTo(total / Math.max(1, positive.length), 12);
    }));

  it("leaves terms of 0 out of mean-nonzero, and is 0 where all are", async () => {
    const logits = [
      [1000, 0],
      [0, 0],
    ];
    expect(await lossOf(logits, [0, 1], "mean-nonzero")).toBeCloseTo(Math.log(2), 14);
    expect(await lossOf(logits, [0, 1], "mean-valid")).toBeCloseTo(Math.log(2) / 2, 14);
    expect(await lossOf([[1000, 0]], [0], "mean-nonzero")).toBe(0);
  });

  it("does not see a number added to a row, and is log c for equal logits", () =>
    always(async ({ logits, labels }) => {
      const shifted = logits.map((row, i) => row.map((value) => value + 10 * i - 20));
      expect(await lossOf(shifted, labels)).toBeCloseTo(await lossOf(logits, labels), 12);
      const equal = logits.map((row) => row.map(() => 7));
      expect(await lossOf(equal, labels)).toBeCloseTo(Math.log(logits[0]!.length), 13);
    }));

  it("has the first and second derivatives of finite differences", async () => {
    const { logits, labels } = draw({ seed: 5, n: 4, c: 3 });
    for (const reduction of ["mean-valid", "mean-nonzero", "sum", "per-anchor"]) {
      const { entry, config } = catalogue.choose("loss", { name: NAME, reduction });
      await checkGradients(
        (z, y) => entry.build({ logits: z!, labels: y! }, config, buildContext(catalogue)),
        [ndarray("float64", [4, 3], logits.flat()), ndarray("int32", [4], labels)],
        { name: reduction },
      );
    }
  });

  it("stays finite for logits as large as float32 can be", async () => {
    const value = await lossOf(
      [
        [1e38, -1e38],
        [-1e38, 1e38],
      ],
      [0, 0],
      "mean-valid",
      "float32",
    );
    expect(value).toBeCloseTo(1e38, -33);
  });

  it("asks for a head as wide as there are classes", () => {
    const { entry, config } = catalogue.choose("loss", NAME);
    expect(entry.outputs!(config, { rows: 9, classes: 4 })).toBe(4);
    expect(entry.outputs!(config, { rows: 9 })).toBeUndefined();
  });

  it.each([
    ["a label beyond the classes", [[1, 2]], [2], undefined, "INDEX_OUT_OF_RANGE"],
    ["a negative label", [[1, 2]], [-1], undefined, "INDEX_OUT_OF_RANGE"],
    ["labels of other rows", [[1, 2]], [0, 1], undefined, "LOGITS_INVALID"],
    ["no rows", [], [], undefined, "LOGITS_INVALID"],
    ["an unknown reduction", [[1, 2]], [0], "mean", "CONFIG_INVALID"],
  ])("refuses %s", async (_, logits, labels, reduction, code) => {
    await expect(lossOf(logits, labels, reduction)).rejects.toMatchObject({ code });
  });

  it("says what to do", async () => {
    await expect(lossOf([[1, 2]], [0, 1])).rejects.toMatchInlineSnapshot(
      `[ShapeError: logits are float64[1, 2] beside labels int32[2]]`,
    );
  });
});
