import { expect, it } from "vitest";
import { z } from "zod";
import { defineKernel } from "../contracts/kernel.js";
import { pairwiseInnerProducts } from "../functions/pairwise.js";
import { spec, trace } from "../ir/program.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "../ops/mul.js";
import { buildContext } from "./build-context.js";
import { createCatalogue } from "./create-catalogue.js";

const scaled = defineKernel({
  name: "scaled",
  summary: "A multiple of the inner product.",
  config: z.strictObject({ factor: z.number().default(2).describe("the multiple") }),
  matrix: (x, y, { factor }: { readonly factor: number }) => mul(pairwiseInnerProducts(x, y), factor),
  features: (x, { factor }) => mul(x, Math.sqrt(factor)),
});
const given = defineKernel({ name: "given", summary: "An input.", config: z.strictObject({}) });
const catalogue = createCatalogue([
  {
    name: "kernels",
    version: "1.0.0",
    core: "*",
    register: (registry) => [scaled, given].forEach((entry) => registry.add(entry)),
  },
]);

function onTensor(use: (x: Tensor) => Tensor) {
  return trace({
    name: "kernel",
    inputs: { x: spec("float64", [3, 2]) },
    build: ({ x }) => ({ outputs: { y: use(x) } }),
  });
}

it("binds a kernel to its completed configuration", () => {
  const kernel = buildContext(catalogue).kernel({ name: "scaled", factor: 4 });
  expect(kernel).toMatchObject({ name: "scaled", precomputed: false });
  expect(onTensor((x) => kernel.matrix(x, x)).outputs.y!.shape).toEqual([3, 3]);
  expect(onTensor((x) => kernel.features!(x)).outputs.y!.shape).toEqual([3, 2]);
});

it("knows a kernel whose matrix is an input, and says so when it is asked for a formula", () => {
  const kernel = buildContext(catalogue).kernel("given");
  expect(kernel).toMatchObject({ name: "given", precomputed: true });
  expect(kernel.features).toBeUndefined();
  expect(() => onTensor((x) => kernel.matrix(x, x))).toThrowError(
    expect.objectContaining({ code: "KERNEL_IS_AN_INPUT" }),
  );
});

it("checks names and keys", () => {
  const context = buildContext(catalogue);
  expect(() => context.kernel("scald")).toThrowError(expect.objectContaining({ fix: 'Did you mean "scaled"?' }));
  expect(() => context.kernel({ name: "scaled", faktor: 1 })).toThrowError(
    expect.objectContaining({ code: "CONFIG_KEY_UNKNOWN" }),
  );
});
