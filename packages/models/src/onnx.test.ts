import { Key, type NdArray, ndarray, type ParameterArrays, referenceBackend, spec, trace } from "@semblance/core";
import { checkGradients } from "@semblance/core/testing";
import { onnx } from "onnx-proto";
import { describe, expect, it } from "vitest";
import { readOnnx } from "./onnx/proto/read-onnx.js";
import { onnxModel } from "./onnx.js";

const key = Key.fromSeed(11);
const draw = (name: string, size: number) => Float32Array.from(key.fold(name).normal(size));
const weight = (
  name: string,
  dims: number[],
  values: ArrayLike<number> = draw(
    name,
    dims.reduce((a, b) => a * b, 1),
  ),
) => ({
  name,
  dims,
  dataType: 1,
  floatData: Array.from(values),
});
const info = (name: string, shape: readonly (number | string)[]): onnx.IValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType: 1,
      shape: { dim: shape.map((extent) => (typeof extent === "string" ? { dimParam: extent } : { dimValue: extent })) },
    },
  },
});

/** A little convolutional network: convolution, frozen normalisation, tanh, a shape worked out from the batch, two results. */
const network: onnx.IGraphProto = {
  node: [
    { opType: "Conv", input: ["image", "kernel", "shift"], output: ["c"] },
    { opType: "BatchNormalization", input: ["c", "gamma", "beta", "mean", "variance"], output: ["b"] },
    { opType: "Tanh", input: ["b"], output: ["t"] },
    { opType: "Mul", input: ["t", "half"], output: ["m"] },
    { opType: "Shape", input: ["m"], output: ["s"] },
    { opType: "Gather", input: ["s", "zero"], output: ["n"] },
    { opType: "Concat", input: ["n", "rest"], output: ["flat"], attribute: [{ name: "axis", type: 2, i: 0 }] },
    { opType: "Reshape", input: ["m", "flat"], output: ["features"] },
    {
      opType: "Gemm",
      input: ["features", "w", "v"],
      output: ["scores"],
      attribute: [{ name: "transB", type: 2, i: 1 }],
    },
  ],
  initializer: [
    weight("kernel", [2, 1, 2, 2]),
    weight("shift", [2]),
    weight("gamma", [2]),
    weight("beta", [2]),
    weight("mean", [2]),
    weight("variance", [2], [0.5, 1.5]),
    weight("half", [], [0.5]),
    weight("w", [3, 8]),
    weight("v", [3]),
    { name: "zero", dims: [1], dataType: 7, int64Data: [0] },
    { name: "rest", dims: [1], dataType: 7, int64Data: [-1] },
  ],
  input: [info("image", ["batch", 1, 3, 3])],
  output: [info("features", ["batch", 8]), info("scores", ["batch", 3])],
};
const encode = (graph: onnx.IGraphProto) =>
  onnx.ModelProto.encode({ irVersion: 8, opsetImport: [{ domain: "", version: 17 }], graph }).finish();
const modelOf = (graph: onnx.IGraphProto) => onnxModel(() => encode(graph));
const settings = (keys: Record<string, unknown>) =>
  onnxModel(() => encode(network)).config.parse({ file: "a.onnx", ...keys });
const shape = { item: [9], outputs: 3, rows: 20 };
const FILE_HEAD = { head: "file", logits: "scores", embeddings: "features" };

async function run(graph: onnx.IGraphProto, keys: Record<string, unknown>, parameters?: ParameterArrays, rows = 4) {
  const model = modelOf(graph);
  const config = settings(keys);
  const own = parameters ?? model.init(key, shape, config);
  const x = ndarray("float64", [rows, 9], key.fold("x").normal(9 * rows));
  const program = trace({
    name: "onnx",
    inputs: { x: spec("float64", x.shape), indices: spec("int32", [rows]) },
    carries: Object.fromEntries(Object.entries(own).map(([name, array]) => [name, spec("float64", array.shape)])),
    build({ x: data, indices }, carried) {
      const { running: _, ...outputs } = model.apply(carried, data, config, { ...shape, training: true, indices });
      return { outputs: outputs as Record<string, NonNullable<(typeof outputs)["logits"]>> };
    },
  });
  const executable = await referenceBackend().compile(program);
  await executable.write(
    Object.fromEntries(Object.entries(own).map(([name, array]) => [name, ndarray("float64", array.shape, array.data)])),
  );
  const outputs = await executable.run({ x, indices: ndarray("int32", [rows], new Int32Array(rows)) });
  return { own, x, outputs: outputs as Record<string, NdArray> };
}

/** The features in plain loops. */
function features(x: NdArray): number[][] {
  const model = readOnnx(encode(network));
  const of = (name: string) => model.initializers.get(name)!.content!.data as Float32Array;
  return Array.from({ length: x.shape[0]! }, (_, row) =>
    [0, 1].flatMap((channel) =>
      [0, 1, 3, 4].map((corner) => {
        const taps = [0, 1, 3, 4].reduce(
          (total, offset, at) => total + x.data[row * 9 + corner + offset]! * of("kernel")[channel * 4 + at]!,
          of("shift")[channel]!,
        );
        const normal = (taps - of("mean")[channel]!) / Math.sqrt(of("variance")[channel]! + Math.fround(1e-5));
        return 0.5 * Math.tanh(normal * of("gamma")[channel]! + of("beta")[channel]!);
      }),
    ),
  );
}

describe("a model from an ONNX file", () => {
  it("gives flat items the shape that the file declares, and a head to its embeddings", async () => {
    const { own, x, outputs } = await run(network, { embeddings: "features" });
    const expected = features(x);
    expected.flat().forEach((value, at) => expect(outputs.embeddings!.data[at]).toBeCloseTo(value, 10));
    expect(outputs.logits!.shape).toEqual([4, 3]);
    const head = own["head.weight"]!;
    const first = expected[0]!.reduce((sum, value, at) => sum + value * head.data[at * 3]!, own["head.bias"]!.data[0]!);
    expect(outputs.logits!.data[0]).toBeCloseTo(first, 10);
    expect([...outputs.posteriors!.data].slice(0, 3).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  it("trains what was learned, and leaves statistics and numbers of formulas", async () => {
    const { own } = await run(network, FILE_HEAD);
    expect(Object.keys(own)).toEqual(["kernel", "shift", "gamma", "beta", "w", "v"].map((name) => `file.${name}`));
    const frozen = await run(network, { embeddings: "features", trainable: false });
    expect(Object.keys(frozen.own)).toEqual(["head.weight", "head.bias"]);
  });

  it("uses the weights that training moved", async () => {
    const { own, outputs } = await run(network, FILE_HEAD);
    const moved = {
      ...own,
      "file.v": ndarray(
        "float64",
        [3],
        Array.from(own["file.v"]!.data, (value) => value + 1),
      ),
    };
    const after = await run(network, FILE_HEAD, moved);
    after.outputs.logits!.data.forEach((value, at) => expect(value).toBeCloseTo(outputs.logits!.data[at]! + 1, 10));
  });

  it("has the gradient of finite differences with respect to every weight", async () => {
    const model = modelOf(network);
    const config = settings(FILE_HEAD);
    const parameters = model.init(key, shape, config);
    const names = Object.keys(parameters);
    await checkGradients(
      (...inputs) => {
        const own = Object.fromEntries(names.map((name, at) => [name, inputs[at]!]));
        return model.apply(own, inputs.at(-2)!, config, { ...shape, training: true, indices: inputs.at(-1)! })
          .posteriors!;
      },
      [
        ...Object.values(parameters),
        ndarray("float64", [3, 9], key.fold("g").normal(27)),
        ndarray("int32", [3], [0, 1, 2]),
      ],
      { name: "onnx" },
    );
  });

  it("is read again for each run", () => {
    let reads = 0;
    const model = onnxModel(() => {
      reads++;
      return encode(network);
    });
    const config = settings({ embeddings: "features" });
    model.init(key, shape, config);
    model.init(key, shape, config);
    expect(reads).toBe(2);
  });

  const init = (graph: onnx.IGraphProto, keys: Record<string, unknown>) => () =>
    modelOf(graph).init(key, shape, settings(keys));
  it.each([
    ["does not say which output is meant", network, {}, "ONNX_OUTPUT_AMBIGUOUS"],
    ["names no value of the graph", network, { embeddings: "nothing" }, "ONNX_INPUT_UNKNOWN"],
    [
      "reads two inputs",
      { ...network, input: [...network.input!, info("more", [1])] },
      { embeddings: "features" },
      "ONNX_INPUT_AMBIGUOUS",
    ],
    [
      "takes one row only",
      { ...network, input: [info("image", [1, 1, 3, 3])] },
      { embeddings: "features" },
      "ONNX_SHAPE_MISMATCH",
    ],
    ["has logits of another width", network, { head: "file", logits: "features" }, "ONNX_OUTPUT_SHAPE"],
    ["has embeddings without rows", network, { embeddings: "w" }, "ONNX_OUTPUT_SHAPE"],
  ])("is refused where it %s", (_, graph, keys, code) => {
    expect(init(graph, keys)).toThrowError(expect.objectContaining({ code }));
  });

  it("is refused where nothing would be trained", () => {
    expect(() => settings({ head: "file", trainable: false })).toThrowError("leaves nothing to train");
  });
});
