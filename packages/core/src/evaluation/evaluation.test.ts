import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createCatalogue } from "../container/create-catalogue.js";
import { defineKernel } from "../contracts/kernel.js";
import { defineLoss } from "../contracts/loss.js";
import { defineMeasure } from "../contracts/measure.js";
import { pairwiseInnerProducts } from "../functions/pairwise.js";
import { square } from "../functions/square.js";
import { gather } from "../ops/gather.js";
import { log } from "../ops/log.js";
import { mul } from "../ops/mul.js";
import { sub } from "../ops/sub.js";
import { sum } from "../ops/sum.js";
import { referenceBackend } from "../reference/reference-backend.js";
import { type Case, parseCases } from "./case.js";
import { compareCase } from "./compare-case.js";
import { evaluateCase } from "./evaluate-case.js";
import { evaluateKernel } from "./evaluate-kernel.js";
import { evaluateLoss } from "./evaluate-loss.js";

const scaled = z.strictObject({ scale: z.number().default(1).describe("a factor") });

/** scale·Σ posteriors²: its gradient before projection is 2·scale·p. */
const squares = defineLoss({
  name: "test/squares",
  summary: "Sum of squares.",
  config: scaled,
  shards: "sum",
  inputs: { posteriors: { axes: ["n", "k"], type: "float", description: "rows", differentiable: true } },
  build: ({ posteriors }, { scale }: z.infer<typeof scaled>) => mul(sum(square(posteriors!)), scale),
});

/** Σ ‖xᵢ − proxy(labelᵢ)‖² with proxies that the loss owns. */
const proxies = defineLoss({
  name: "test/proxies",
  summary: "Squared distances to a class's proxy.",
  config: z.strictObject({}),
  shards: "sum",
  inputs: {
    embeddings: { axes: ["n", "d"], type: "float", description: "rows", differentiable: true },
    labels: { axes: ["n"], type: "int32", description: "classes" },
    weights: { axes: ["n"], type: "float", description: "weights", optional: true },
  },
  build: ({ embeddings, labels }, _, cx) => sum(square(sub(embeddings!, gather(cx.parameters.proxies!, labels!)))),
});

/** Σ log p of rows that are distributions. */
const likelihood = defineLoss({
  name: "test/likelihood",
  summary: "Logarithms of probabilities.",
  config: z.strictObject({}),
  shards: "sum",
  inputs: { posteriors: { axes: ["n", "k"], type: "float", description: "rows", domain: "simplex" } },
  build: ({ posteriors }) => sum(log(posteriors!)),
});

const unreduced = defineLoss({
  name: "test/unreduced",
  summary: "Forgets to reduce.",
  config: z.strictObject({}),
  shards: "sum",
  inputs: { posteriors: { axes: ["n", "k"], type: "float", description: "rows", differentiable: true } },
  build: ({ posteriors }) => posteriors!,
});

const inner = defineKernel({
  name: "inner",
  summary: "Inner products.",
  config: scaled,
  matrix: (x, y, { scale }: z.infer<typeof scaled>) => mul(pairwiseInnerProducts(x, y), scale),
});
const given = defineKernel({ name: "given", summary: "An input.", config: z.strictObject({}) });

const agreement = defineMeasure({
  name: "agreement",
  summary: "Share of equal labels.",
  config: z.strictObject({}),
  needs: "partition",
  higherIsBetter: true,
  compute: ({ truth, predicted }) =>
    Array.from(truth!).filter((label, i) => label === predicted![i]).length / truth!.length,
});

// Small entries of every kind that can be evaluated.
const catalogue = createCatalogue([
  {
    name: "test",
    version: "1.0.0",
    core: "*",
    register: (registry) =>
      [squares, proxies, likelihood, unreduced, inner, given, agreement].forEach((entry) =>
        registry.add(entry as never),
      ),
  },
]);

const backend = referenceBackend();

const posteriors = { shape: [2, 2], data: [0.25, 0.75, 0.5, 0.5] };
const proxyCase = {
  loss: "test/proxies",
  inputs: { embeddings: { shape: [2, 1], data: [1, 5] }, labels: { shape: [2], data: [1, 0] } },
  parameters: { proxies: { shape: [2, 1], data: [3, 2] } },
};
const lossOf = (options: Omit<Parameters<typeof evaluateLoss>[0], "catalogue" | "backend">) =>
  evaluateLoss({ catalogue, backend, ...options });

describe("evaluateLoss", () => {
  it("computes value and gradients, those of posteriors projected through a softmax", async () => {
    const { value, gradients } = await lossOf({ loss: { name: "test/squares", scale: 2 }, inputs: { posteriors } });
    expect(value).toBeCloseTo(2 * (0.0625 + 0.5625 + 0.5), 14);
    // g = 4p; Σ p·g = 2.5 in the first row, and the second row is uniform.
    const expected = [0.25 * (1 - 2.5), 0.75 * (3 - 2.5), 0, 0];
    expected.forEach((number, i) => expect(gradients.posteriors!.data[i]).toBeCloseTo(number, 14));
  });

  it("differentiates by the loss's own weights", async () => {
    const { value, gradients, parameterGradients } = await lossOf(proxyCase);
    expect(value).toBe(1 + 4);
    expect([...gradients.embeddings!.data]).toEqual([-2, 4]);
    expect([...parameterGradients.proxies!.data]).toEqual([-4, 2]);
  });

  it("computes the gradients that are asked for only", async () => {
    expect((await lossOf({ ...proxyCase, gradients: [] })).gradients).toEqual({});
  });

  const float = (shape: number[]) => ({ shape, data: new Array(shape.reduce((a, b) => a * b, 1)).fill(0.5) });
  it.each([
    ["an unknown loss", { loss: "test/square", inputs: { posteriors } }, "NAME_UNKNOWN"],
    ["an unknown key", { loss: { name: "test/squares", skale: 1 }, inputs: { posteriors } }, "CONFIG_KEY_UNKNOWN"],
    ["an unknown input", { loss: "test/squares", inputs: { posterior: posteriors } }, "INPUT_UNKNOWN"],
    ["a missing input", { loss: "test/squares", inputs: {} }, "INPUT_MISSING"],
    ["too few axes", { loss: "test/squares", inputs: { posteriors: float([4]) } }, "RANK_MISMATCH"],
    ["axes that differ", { ...proxyCase, inputs: { ...proxyCase.inputs, weights: float([3]) } }, "AXIS_MISMATCH"],
    [
      "data that do not fill the shape",
      { loss: "test/squares", inputs: { posteriors: { shape: [2, 2], data: [1] } } },
      "ARRAY_INVALID",
    ],
    ["NaN", { loss: "test/squares", inputs: { posteriors: { shape: [1, 1], data: [Number.NaN] } } }, "ARRAY_INVALID"],
    [
      "fractions as labels",
      { ...proxyCase, inputs: { ...proxyCase.inputs, labels: { shape: [2], data: [0, 0.5] } } },
      "ARRAY_INVALID",
    ],
    [
      "labels out of range",
      { ...proxyCase, inputs: { ...proxyCase.inputs, labels: { shape: [2], data: [0, 7] } } },
      "INDEX_OUT_OF_RANGE",
    ],
    ["a gradient by labels", { ...proxyCase, gradients: ["labels"] }, "GRADIENT_UNKNOWN"],
    ["rows that do not sum to 1", { loss: "test/likelihood", inputs: { posteriors: float([1, 3]) } }, "NOT_ON_SIMPLEX"],
    [
      "probabilities below 0",
      { loss: "test/likelihood", inputs: { posteriors: { shape: [1, 2], data: [-0.5, 1.5] } } },
      "NOT_ON_SIMPLEX",
    ],
    [
      "what has no finite value",
      { loss: "test/likelihood", inputs: { posteriors: { shape: [1, 2], data: [0, 1] } } },
      "LOSS_NOT_FINITE",
    ],
    ["a loss of many numbers", { loss: "test/unreduced", inputs: { posteriors } }, "LOSS_NOT_SCALAR"],
  ])("refuses %s", async (_, options, code) => {
    await expect(lossOf(options)).rejects.toMatchObject({ code });
  });
});

const rows = { shape: [2, 2], data: [1, 2, 3, 4] };
const kernelOf = (kernel: string | { name: string }, data: { shape: number[]; data: number[] } = rows) =>
  evaluateKernel({ catalogue, backend, kernel, data });

describe("evaluateKernel", () => {
  it("computes a kernel's matrix", async () => {
    const matrix = await kernelOf({ name: "inner", scale: 2 } as { name: string });
    expect(matrix).toMatchObject({ shape: [2, 2], data: Float64Array.of(10, 22, 22, 50) });
  });

  it("returns a precomputed matrix as it is", async () => {
    const symmetric = { shape: [2, 2], data: [1, -2, -2, 4] };
    expect([...(await kernelOf("given", symmetric)).data]).toEqual(symmetric.data);
  });

  it.each([
    ["a vector", "inner", { shape: [2], data: [1, 2] }, "RANK_MISMATCH"],
    ["no rows", "inner", { shape: [0, 2], data: [] }, "RANK_MISMATCH"],
    ["a precomputed matrix that is not square", "given", { shape: [1, 2], data: [1, 2] }, "AFFINITY_NOT_SQUARE"],
    ["a precomputed matrix that is not symmetric", "given", rows, "AFFINITY_ASYMMETRIC"],
    ["an unknown kernel", "iner", rows, "NAME_UNKNOWN"],
  ])("refuses %s", async (_, kernel, rows, code) => {
    await expect(kernelOf(kernel, rows)).rejects.toMatchObject({ code });
  });
});

const matrix = (shape: number[], data: number[]) => ({ shape, data });
const proxyLoss: Case = {
  id: "test/proxies/1",
  kind: "loss",
  name: "test/proxies",
  config: {},
  inputs: {
    embeddings: matrix([2, 1], [1, 5]),
    labels: matrix([2], [1, 0]),
    parameters: { proxies: matrix([2, 1], [3, 2]) },
  },
  expected: {
    value: 5,
    gradients: { embeddings: matrix([2, 1], [-2, 4]), parameters: { proxies: matrix([2, 1], [-4, 2]) } },
  },
};
const kernel: Case = {
  id: "kernel/inner/1",
  kind: "kernel",
  name: "inner",
  config: { scale: 2 },
  inputs: { data: matrix([2, 1], [1, 3]) },
  expected: { matrix: matrix([2, 2], [2, 6, 6, 18]) },
};
const measure: Case = {
  id: "measure/agreement/1",
  kind: "measure",
  name: "agreement",
  config: {},
  inputs: { truth: matrix([4], [0, 1, 1, 2]), predicted: matrix([4], [0, 1, 2, 2]) },
  expected: { value: 0.75 },
};
const run = async (item: Case) => compareCase(item, await evaluateCase(item, { catalogue, backend }), 1e-12);

describe("evaluateCase and compareCase", () => {
  it.each([proxyLoss, kernel, measure])("pass a right $kind", async (item) => {
    expect(await run(item)).toEqual({ passed: true, error: 0, failures: [] });
  });

  it.each([
    [{ ...measure, expected: { value: 0.5 } }, "value is 0.75, expected 0.5 (error 2.5e-1)"],
    [{ ...kernel, expected: { matrix: matrix([2, 2], [2, 6, 6, 20]) } }, "matrix[3] is 18, expected 20 (error 1.0e-1)"],
    [{ ...kernel, expected: { matrix: matrix([4], [2, 6, 6, 18]) } }, "matrix is [2, 2], expected [4]"],
    [{ ...measure, expected: { matrix: matrix([1], [1]) } }, "matrix is missing, expected [1]"],
    [
      { ...proxyLoss, expected: { gradients: { parameters: { proxies: matrix([2, 1], [-4, 3]) } } } },
      "gradient by parameters.proxies[1] is 2, expected 3 (error 3.3e-1)",
    ],
  ] as [Case, string][])("name what is off", async (item, failure) => {
    const { passed, error, failures } = await run(item);
    expect({ passed, failures }).toEqual({ passed: false, failures: [failure] });
    expect(error).toBeGreaterThan(1e-12);
  });

  it("count NaN as off", () => {
    const { passed, error } = compareCase(measure, { value: Number.NaN }, 1e9);
    expect({ passed, error }).toEqual({ passed: false, error: Number.POSITIVE_INFINITY });
  });

  it.each([
    ["a kind without an evaluation", { ...measure, kind: "sampler" }, "KIND_NOT_EVALUABLE"],
    ["a kernel without data", { ...kernel, inputs: {} }, "CASE_INPUT_INVALID"],
    ["groups where an array belongs", { ...proxyLoss, inputs: { embeddings: {} } }, "CASE_INPUT_INVALID"],
  ] as [string, Case, string][])("refuse %s", async (_, item, code) => {
    await expect(run(item)).rejects.toMatchObject({ code });
  });
});

describe("parseCases", () => {
  it("completes a case", () => {
    const json = JSON.stringify([{ id: "a", kind: "loss", name: "x", inputs: { data: matrix([1], [1]) } }]);
    expect(parseCases(json, "cases.json")).toEqual([
      { id: "a", kind: "loss", name: "x", config: {}, inputs: { data: matrix([1], [1]) } },
    ]);
  });

  it.each([
    ["text that is not JSON", "[", "cases.json"],
    ["an object", "{}", "cases.json"],
    ["a case without inputs", '[{"id":"a","kind":"loss","name":"x"}]', 'cases.json, case "a"'],
    ["an unknown kind", '[{"id":"a","kind":"lose","name":"x","inputs":{}}]', 'cases.json, case "a"'],
    ["null", "[null]", "cases.json"],
  ])("refuses %s", (_, json, where) => {
    expect(() => parseCases(json, "cases.json")).toThrowError(
      expect.objectContaining({ code: "CASES_INVALID", where }),
    );
  });
});
