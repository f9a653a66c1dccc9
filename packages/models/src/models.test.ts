import {
  createCatalogue,
  Key,
  type Kind,
  type Model,
  type ModelShape,
  ndarray,
  type ParameterArrays,
  referenceBackend,
  sizeOf,
  spec,
  trace,
} from "@semblance/core";
import { checkGradients } from "@semblance/core/testing";
import { describe, expect, it } from "vitest";
import { categorical } from "./categorical.js";
import { linear } from "./linear.js";
import { mlp } from "./mlp.js";
import { modelsPlugin } from "./models-plugin.js";

const key = Key.fromSeed(5);
const catalogue = createCatalogue([modelsPlugin]);
const shape: ModelShape = { item: [2, 3], outputs: 4, rows: 7 };
const count = (parameters: ParameterArrays) =>
  Object.values(parameters).reduce((total, array) => total + array.data.length, 0);

/** The three outputs of a model on a drawn batch, with the batch. */
async function run(name: string, keys: Record<string, unknown> = {}, indices = [6, 0, 3, 3, 1]) {
  const { entry, config } = catalogue.choose("model", { name, ...keys });
  const parameters = entry.init(key, shape, config);
  const x = ndarray("float64", [indices.length, ...shape.item], key.fold("x").normal(indices.length * 6));
  const program = trace({
    name,
    inputs: { x: spec("float64", x.shape), indices: spec("int32", [indices.length]) },
    carries: Object.fromEntries(Object.entries(parameters).map(([own, array]) => [own, spec("float64", array.shape)])),
    build: (fed, carried) => {
      const { logits, posteriors, embeddings } = entry.apply(carried, fed.x, config, {
        ...shape,
        training: true,
        indices: fed.indices,
      });
      return { outputs: { logits: logits!, posteriors: posteriors!, ...(embeddings ? { embeddings } : {}) } };
    },
  });
  const executable = await referenceBackend().compile(program);
  await executable.write(parameters);
  const outputs = await executable.run({ x, indices: ndarray("int32", [indices.length], indices) });
  return { x, parameters, outputs };
}

/** y = f(x·W + b) in plain loops. */
function layer(rows: number[][], parameters: ParameterArrays, name: string, f: (z: number) => number = (z) => z) {
  const { shape: extents, data } = parameters[`${name}.weight`]!;
  const bias = parameters[`${name}.bias`]!.data;
  const width = extents[1]!;
  return rows.map((row) =>
    Array.from({ length: width }, (_, j) =>
      f(row.reduce((total, value, i) => total + value * data[i * width + j]!, bias[j]!)),
    ),
  );
}

function expectRows(actual: ArrayLike<number>, rows: number[][]) {
  const expected = rows.flat();
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 12));
}

const rowsOf = (data: ArrayLike<number>, width: number) =>
  Array.from({ length: data.length / width }, (_, i) => Array.from(data).slice(i * width, (i + 1) * width));

function softmaxRows(rows: number[][]): number[][] {
  return rows.map((row) => {
    const weights = row.map((z) => Math.exp(z));
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / total);
  });
}

describe("every model", () => {
  it.each(catalogue.list("model").map((model) => [model.name, model] as const))(
    "%s keeps its promises",
    async (name) => {
      // The smallest example: a whole ResNet has eleven million weights.
      const keys = catalogue.get("model", name).examples?.[0] ?? {};
      const { parameters, outputs } = await run(name, keys);
      expect(outputs.logits!.shape).toEqual([5, 4]);
      expectRows(outputs.posteriors!.data, softmaxRows(rowsOf(outputs.logits!.data, 4)));
      const again = catalogue.get("model", name).init(key, shape, catalogue.choose("model", { name, ...keys }).config);
      expect(again).toEqual(parameters);
      const other = catalogue
        .get("model", name)
        .init(key.fold(1), shape, catalogue.choose("model", { name, ...keys }).config);
      expect(other).not.toEqual(parameters);
      for (const array of Object.values(parameters)) expect(array.data.length).toBe(sizeOf(array.shape));
    },
  );

  it.each([
    ["categorical", {}],
    ["linear", {}],
    ["mlp", { hidden: [3, 2], activation: ["tanh", "sigmoid"] }],
    ["mlp", { hidden: [3], activation: "softplus" }],
  ])("%s %j has the gradient of finite differences", async (name, keys) => {
    const { entry, config } = catalogue.choose("model", { name, ...keys });
    const parameters = entry.init(key, shape, config);
    const names = Object.keys(parameters);
    const x = ndarray("float64", [3, 2, 3], key.fold("x").normal(18));
    const indices = ndarray("int32", [3], [2, 5, 2]);
    await checkGradients(
      (...inputs) => {
        const own = Object.fromEntries(names.map((parameter, index) => [parameter, inputs[index]!]));
        const context = { ...shape, training: true, indices: inputs.at(-1)! };
        return entry.apply(own, inputs.at(-2)!, config, context).posteriors!;
      },
      [...Object.values(parameters), x, indices],
      { name, wrt: names.map((_, index) => index) },
    );
  });
});

describe("categorical", () => {
  it("takes the rows that the batch names, twice where it names them twice", async () => {
    const { parameters, outputs } = await run("categorical");
    const rows = rowsOf(parameters.logits!.data, 4);
    expectRows(
      outputs.logits!.data,
      [6, 0, 3, 3, 1].map((row) => rows[row]!),
    );
    expect(outputs.embeddings).toBeUndefined();
    expect(categorical.inductive).toBe(false);
  });

  it("starts from a standard normal", () => {
    const data = Float64Array.from(categorical.init(key, { item: [2], outputs: 10, rows: 2000 }, {}).logits!.data);
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    const variance = data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length;
    // Four standard errors of a mean and a variance over 20,000 draws.
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(20_000));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 20_000));
  });

  it("refuses a row that it has no weights for", async () => {
    await expect(run("categorical", {}, [7])).rejects.toMatchObject({ code: "INDEX_OUT_OF_RANGE" });
  });
});

describe("linear", () => {
  it("is x·W + b on flattened items, which are its embeddings", async () => {
    const { x, parameters, outputs } = await run("linear");
    const items = rowsOf(x.data, 6);
    expectRows(outputs.logits!.data, layer(items, parameters, "head"));
    expectRows(outputs.embeddings!.data, items);
  });
});

describe("mlp", () => {
  const functions: Record<string, (z: number) => number> = {
    relu: (z) => Math.max(z, 0),
    tanh: Math.tanh,
    sigmoid: (z) => 1 / (1 + Math.exp(-z)),
    softplus: (z) => Math.log1p(Math.exp(z)),
    none: (z) => z,
  };
  it.each(Object.keys(functions))("with %s is its layers in turn", async (activation) => {
    const { x, parameters, outputs } = await run("mlp", { hidden: [5, 3], activation });
    const first = layer(rowsOf(x.data, 6), parameters, "hidden.0", functions[activation]);
    const second = layer(first, parameters, "hidden.1", functions[activation]);
    expectRows(outputs.embeddings!.data, second);
    expectRows(outputs.logits!.data, layer(second, parameters, "head"));
  });

  it("takes an activation for each layer", async () => {
    const { x, parameters, outputs } = await run("mlp", { hidden: [5, 3], activation: ["tanh", "none"] });
    const first = layer(rowsOf(x.data, 6), parameters, "hidden.0", Math.tanh);
    expectRows(outputs.embeddings!.data, layer(first, parameters, "hidden.1"));
  });

  it.each([
    ["MNIST", { hidden: [1200] }, [28, 28], 10, 784 * 1200 + 1200 + 1200 * 10 + 10],
    ["Gaussian and Student mixtures", { hidden: [20, 20], activation: ["tanh", "none"] }, [2], 4, 60 + 420 + 84],
    ["two moons", { hidden: [10], activation: "tanh" }, [2], 5, 30 + 55],
  ])("has the parameters of the experiment on %s", (_, keys, item, outputs, parameters) => {
    const { config } = catalogue.choose("model", { name: "mlp", ...keys });
    const arrays = mlp.init(key, { item, outputs, rows: 1 }, config as never);
    expect(count(arrays)).toBe(parameters);
    expect(Object.keys(arrays).slice(0, 2)).toEqual(["hidden.0.weight", "hidden.0.bias"]);
    expect(Object.keys(arrays).slice(-2)).toEqual(["head.weight", "head.bias"]);
  });

  it("starts uniform within 1/√fan-in, biases too", () => {
    const arrays = mlp.init(key, { item: [100], outputs: 3, rows: 1 }, { hidden: [400], activation: "relu" });
    for (const [name, bound] of [
      ["hidden.0.weight", 0.1],
      ["hidden.0.bias", 0.1],
      ["head.weight", 0.05],
    ] as const) {
      const data = Float64Array.from(arrays[name]!.data);
      expect(Math.max(...data)).toBeLessThan(bound);
      expect(Math.min(...data)).toBeGreaterThanOrEqual(-bound);
      const variance = data.reduce((total, value) => total + value ** 2, 0) / data.length;
      // A uniform variable's square has standard deviation √(4/45)·bound².
      const error = (Math.sqrt(4 / 45) * bound ** 2) / Math.sqrt(data.length);
      expect(Math.abs(variance - bound ** 2 / 3)).toBeLessThan(4 * error);
    }
  });

  it("keeps the weights of a layer when others change", () => {
    const config = { hidden: [5], activation: "relu" as const };
    const more = { hidden: [5, 5], activation: "relu" as const };
    const [one, two] = [config, more].map((own) => mlp.init(key, shape, own));
    expect(two!["hidden.0.weight"]).toEqual(one!["hidden.0.weight"]);
    expect(two!["head.weight"]).toEqual(one!["head.weight"]);
  });

  it.each([
    ["no layers", { hidden: [] }, "CONFIG_INVALID"],
    ["a width of 0", { hidden: [0] }, "CONFIG_INVALID"],
    ["an unknown activation", { activation: "gelu" }, "CONFIG_INVALID"],
    ["too few activations", { hidden: [5, 5], activation: ["relu"] }, "CONFIG_INVALID"],
    ["a misspelt key", { hiden: [5] }, "CONFIG_KEY_UNKNOWN"],
  ])("refuses %s", (_, keys, code) => {
    expect(() => catalogue.choose("model", { name: "mlp", ...keys })).toThrowError(expect.objectContaining({ code }));
  });

  it("refuses layers that cannot be made", () => {
    const init = (model: Model, config: unknown, item: number[]) => () =>
      model.init(key, { item, outputs: 2, rows: 1 }, config);
    const huge = { hidden: [2 ** 31], activation: "relu" };
    expect(init(mlp as Model, huge, [4])).toThrowError(expect.objectContaining({ code: "LAYER_TOO_LARGE" }));
    expect(init(linear as Model, {}, [0])).toThrowError(expect.objectContaining({ code: "LAYER_EMPTY" }));
  });

  it("says which parameter is missing", () => {
    const build = () =>
      trace({
        name: "mlp",
        inputs: { x: spec("float64", [2, 6]), indices: spec("int32", [2]) },
        build: ({ x, indices }) => {
          const { config } = catalogue.choose("model", "mlp");
          return { outputs: { y: mlp.apply({}, x, config, { ...shape, training: false, indices }).logits! } };
        },
      });
    expect(build).toThrowErrorMatchingInlineSnapshot(`[CheckpointError: there is no parameter "hidden.0.weight"]`);
  });
});

it("registers each model once, with a summary and a described configuration", () => {
  expect(catalogue.list("model" satisfies Kind).map(({ name }) => name)).toEqual([
    "categorical",
    "conv-branches",
    "lenet5",
    "linear",
    "mlp",
    "residual",
    "resnet18",
    "sparse-mlp",
  ]);
});
