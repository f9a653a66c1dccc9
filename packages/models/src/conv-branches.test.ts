import {
  createCatalogue,
  Key,
  ndarray,
  type ParameterArrays,
  referenceBackend,
  sizeOf,
  spec,
  trace,
} from "@semblance/core";
import { checkGradients } from "@semblance/core/testing";
import { describe, expect, it } from "vitest";
import { convBranches } from "./conv-branches.js";
import { truncatedNormal } from "./initial-values.js";
import { modelsPlugin } from "./models-plugin.js";

const key = Key.fromSeed(21);
const catalogue = createCatalogue([modelsPlugin]);
const settle = (keys: object) => catalogue.choose("model", { name: "conv-branches", ...keys }).config as never;
const init = (keys: object, item: number[], outputs: number) =>
  convBranches.init(key, { item, outputs, rows: 1 }, settle(keys));
const count = (arrays: ParameterArrays, of: (name: string) => boolean = () => true) =>
  Object.entries(arrays).reduce((total, [name, { shape }]) => total + (of(name) ? sizeOf(shape) : 0), 0);

/** The logits of rows, with the model's weights as they start. */
async function logitsOf(
  keys: object,
  item: number[],
  outputs: number,
  rows = 3,
  parameters = init(keys, item, outputs),
) {
  const x = ndarray("float64", [rows, ...item], key.fold("x").normal(rows * sizeOf(item)));
  const program = trace({
    name: "conv-branches",
    inputs: { x: spec("float64", x.shape), indices: spec("int32", [rows]) },
    carries: Object.fromEntries(Object.entries(parameters).map(([own, { shape }]) => [own, spec("float64", shape)])),
    build: ({ x: fed, indices }, carried) => ({
      outputs: {
        logits: convBranches.apply(carried, fed!, settle(keys), {
          item,
          outputs,
          rows,
          training: false,
          indices: indices!,
        }).logits!,
      },
    }),
  });
  const executable = await referenceBackend().compile(program);
  await executable.write(parameters);
  const { logits } = await executable.run({ x, indices: ndarray("int32", [rows], [0, 1, 2].slice(0, rows)) });
  return { x, parameters, logits: Array.from(logits!.data) };
}

describe("conv-branches", () => {
  it("has the parameters of its layers", () => {
    // Two 3×3 convolutions on MNIST, each halving: 7×7 of 64 filters are left, for ten branches of 100.
    const conv = 32 * 9 + 32 + 64 * 32 * 9 + 64;
    const branches = 10 * (64 * 7 * 7 * 100 + 100 + 100 + 1);
    expect(count(init({}, [28, 28], 10))).toBe(conv + branches);
    const normed = init({ bias: false, batchNorm: true, branchNorm: true }, [28, 28], 10);
    const moved = (name: string) => !/\.(?:mean|variance)$/.test(name);
    expect(count(normed, moved)).toBe(conv - 96 + 2 * 96 + branches + 2 * 1000);
    expect(convBranches.running!(settle({ batchNorm: true, branchNorm: true }))).toHaveLength(6);
    // The network of the experiment on blobs.
    expect(count(init({ filters: [], trunk: [64], branch: 32 }, [2], 6))).toBe(
      2 * 64 + 64 + 6 * (64 * 32 + 32 + 32 + 1),
    );
  });

  it("computes each branch by itself, as plain loops do", async () => {
    const [inputs, hidden, outputs] = [4, 3, 5];
    const { x, parameters, logits } = await logitsOf({ filters: [], branch: hidden }, [inputs], outputs);
    const of = (name: string) => parameters[`branches.${name}`]!.data;
    const expected: number[] = [];
    for (let row = 0; row < 3; row++) {
      for (let c = 0; c < outputs; c++) {
        let z = of("output.bias")[c]!;
        for (let k = 0; k < hidden; k++) {
          let unit = of("hidden.bias")[c * hidden + k]!;
          for (let i = 0; i < inputs; i++) {
            unit += x.data[row * inputs + i]! * of("hidden.weight")[i * outputs * hidden + c * hidden + k]!;
          }
          z += Math.max(0, unit) * of("output.weight")[c * hidden + k]!;
        }
        expected.push(z);
      }
    }
    for (const [at, value] of expected.entries()) expect(logits[at]).toBeCloseTo(value, 12);
  });

  it("starts no two branches alike, and none differently for another one beside it", async () => {
    for (const initial of ["fan-in", "truncated-normal"]) {
      const keys = { filters: [], trunk: [4], branch: 3, initial };
      const { logits, parameters } = await logitsOf(keys, [2], 6);
      expect(new Set(logits.slice(0, 6)).size).toBe(6);
      const fewer = await logitsOf(keys, [2], 4);
      expect(fewer.logits.slice(0, 4)).toEqual(logits.slice(0, 4));
      expect(parameters["branches.output.weight"]!.shape).toEqual([6, 3]);
    }
  });

  it("keeps the size of pictures but for pooling", async () => {
    const keys = { filters: [2, 3], kernel: [5, 3], pool: [false, true], branch: 4 };
    const { parameters } = await logitsOf(keys, [7, 6], 2);
    expect(parameters["branches.hidden.weight"]!.shape).toEqual([3 * 3 * 3, 8]);
  });

  it("has the gradient of finite differences", async () => {
    const keys = { filters: [2], kernel: 3, branch: 2, batchNorm: true, branchNorm: true };
    const item = [4, 4];
    const parameters = init(keys, item, 3);
    const names = Object.keys(parameters).filter((name) => !/\.(?:mean|variance)$/.test(name));
    const rest = Object.keys(parameters).filter((name) => !names.includes(name));
    const x = ndarray("float64", [3, ...item], key.fold("picture").normal(48));
    await checkGradients(
      (...inputs) => {
        const own = Object.fromEntries([...names, ...rest].map((name, index) => [name, inputs[index]!]));
        const [picture, indices] = inputs.slice(-2);
        const context = { item, outputs: 3, rows: 3, training: true, indices: indices! };
        return convBranches.apply(own, picture!, settle(keys), context).posteriors!;
      },
      [...[...names, ...rest].map((name) => parameters[name]!), x, ndarray("int32", [3], [0, 1, 2])],
      { name: "conv-branches", wrt: names.map((_, index) => index) },
    );
  });

  it("draws truncated normal weights of the paper's code", () => {
    const drawn = truncatedNormal(key, 20_000, 0.03);
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(0.06);
    // A normal variable that is cut at two deviations keeps 0.774 of its variance.
    const variance = drawn.reduce((sum, value) => sum + value ** 2, 0) / drawn.length / 0.03 ** 2;
    expect(variance).toBeCloseTo(0.774, 1);
  });

  it.each([
    ["a vector for its filters", {}, [784], "IMAGE_MISSHAPEN"],
    ["a picture that pooling uses up", { filters: [2, 2, 2] }, [4, 4], "IMAGE_TOO_SMALL"],
  ])("refuses %s", (_, keys, item, code) => {
    expect(() => init(keys, item, 2)).toThrowError(expect.objectContaining({ code }));
  });

  it.each([
    ["an even filter", { kernel: 4 }],
    ["too few filter sides", { filters: [2, 2], kernel: [3] }],
    ["too many pools", { filters: [2], pool: [true, true] }],
  ])("refuses %s in a configuration", (_, keys) => {
    expect(() => settle(keys)).toThrowError(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });
});
