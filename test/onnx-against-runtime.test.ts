import { Key, type NdArray, ndarray, sizeOf, spec, trace } from "@semblance/core";
import { importOnnx, readOnnx } from "@semblance/models";
import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { exportedMlp, type FileTensor, type OneNode, oneNodeFile } from "./support/onnx-files.js";
import { runOnce } from "./support/run-once.js";

const key = Key.fromSeed(20_260_303);
let drawn = 0;
const float = (...shape: number[]): FileTensor => ({
  type: "float32",
  shape,
  values: [...Float32Array.from(key.fold(drawn++).normal(sizeOf(shape)))],
});
const positive = (...shape: number[]): FileTensor => {
  const { values, ...rest } = float(...shape);
  return { ...rest, values: values.map((value) => Math.fround(Math.abs(value) + 0.5)) };
};
const ints = (values: number[], shape: readonly number[] = [values.length]): FileTensor => ({
  type: "int64",
  shape,
  values,
});
const one = (value: number): FileTensor => ({ type: "float32", shape: [], values: [value] });
const image = () => float(2, 4, 7, 6);

type Case = Omit<OneNode, "op"> & { readonly note?: string };

/** What the official node tests leave out, or hold for one version only. onnxruntime computes the same file. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  Acosh: [{ opset: 9, inputs: [{ ...positive(9), values: [1, 1.0001, 1.5, 2, 3, 5, 10, 100, 1000] }] }],
  Asinh: [{ opset: 9, inputs: [{ ...float(7), values: [0, 1e-4, -1e-4, 1, -2, 30, -1000] }] }],
  Atanh: [{ opset: 9, inputs: [{ ...float(5), values: [0, 1e-4, -0.5, 0.9, -0.99] }] }],
  AveragePool: [
    { opset: 10, inputs: [image()], attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 } },
    { opset: 11, inputs: [image()], attributes: { kernel_shape: [3, 2], strides: [2, 2], auto_pad: "SAME_UPPER" } },
    { opset: 19, inputs: [image()], attributes: { kernel_shape: [2, 2], dilations: [2, 3], strides: [1, 1] } },
  ],
  BatchNormalization: [7, 9, 14, 15].map((opset) => ({
    opset,
    inputs: [image(), positive(4), float(4), float(4), positive(4)],
    stored: [1, 2, 3, 4],
    attributes: { epsilon: { float: 1e-3 } },
  })),
  Clip: [
    { opset: 6, inputs: [float(3, 4)], attributes: { min: { float: -0.5 }, max: { float: 0.25 } } },
    { opset: 12, inputs: [float(3, 4), one(1), one(-1)], note: "bounds crossed" },
  ],
  Concat: [{ opset: 4, inputs: [float(2, 3), float(2, 1)], attributes: { axis: 1 } }],
  Conv: [
    {
      opset: 11,
      inputs: [image(), float(6, 2, 3, 3), float(6)],
      attributes: { group: 2, pads: [1, 0, 2, 1], strides: [2, 1] },
    },
    { opset: 11, inputs: [image(), float(3, 4, 3, 2)], attributes: { strides: [2, 1], auto_pad: "SAME_LOWER" } },
    { opset: 11, inputs: [float(2, 3, 11), float(4, 3, 4)], attributes: { strides: [3], auto_pad: "VALID" } },
    { opset: 11, inputs: [float(1, 1, 5, 4, 4), float(2, 1, 2, 3, 2)] },
  ],
  ConvTranspose: [
    {
      opset: 11,
      inputs: [image(), float(4, 3, 3, 3), float(6)],
      attributes: { group: 2, strides: [2, 2], pads: [1, 1, 0, 1] },
    },
    {
      opset: 11,
      inputs: [image(), float(4, 2, 3, 2)],
      attributes: { strides: [3, 2], output_padding: [1, 1], dilations: [2, 1] },
    },
    { opset: 11, inputs: [image(), float(4, 2, 3, 3)], attributes: { strides: [2, 2], output_shape: [16, 13] } },
    { opset: 11, inputs: [image(), float(4, 2, 3, 3)], attributes: { strides: [2, 2], auto_pad: "SAME_LOWER" } },
  ],
  Cosh: [{ opset: 9, inputs: [float(6)] }],
  CumSum: [
    {
      opset: 11,
      inputs: [float(3, 5), { type: "int64", shape: [], values: [-1] }],
      stored: [1],
      attributes: { reverse: 1, exclusive: 1 },
    },
  ],
  DepthToSpace: [
    { opset: 11, inputs: [float(2, 8, 2, 3)], attributes: { blocksize: 2 } },
    { opset: 13, inputs: [float(2, 8, 2, 3)], attributes: { blocksize: 2, mode: "CRD" } },
  ],
  Div: [
    { opset: 14, inputs: [ints([7, -7, 7, -7, 2147483647, 0]), ints([2, 2, -2, -2, 3, 5])], note: "whole numbers" },
    { opset: 7, inputs: [float(2, 3), float(3)] },
  ],
  Dropout: [7, 10, 12].map((opset) => ({ opset, inputs: [float(3, 4)] })),
  Einsum: [
    { opset: 12, inputs: [float(2, 3, 4), float(2, 4, 5)], attributes: { equation: "bij,bjk->bik" } },
    { opset: 12, inputs: [float(3, 4), float(5, 4)], attributes: { equation: "ij,kj" } },
    { opset: 12, inputs: [float(2, 3, 4), float(4, 5)], attributes: { equation: "...j,jk->...k" } },
    { opset: 12, inputs: [float(4, 4)], attributes: { equation: "ii" } },
    { opset: 12, inputs: [float(2, 3), float(3, 4), float(4)], attributes: { equation: "ab,bc,c->a" } },
    { opset: 12, inputs: [float(3), float(4)], attributes: { equation: "i,j->ij" } },
    { opset: 12, inputs: [float(2, 3, 4)], attributes: { equation: "abc->ca" } },
  ],
  Erf: [{ opset: 13, inputs: [float(9)] }],
  Flatten: [{ opset: 9, inputs: [float(2, 3, 4)], attributes: { axis: 0 } }],
  Gather: [{ opset: 11, inputs: [float(5, 3), ints([-1, 0, 2, -5], [2, 2])] }],
  GatherElements: [
    { opset: 13, inputs: [float(4, 5), ints([0, -1, 3, 2], [2, 2])], attributes: { axis: 1 }, note: "fewer rows" },
  ],
  GatherND: [{ opset: 13, inputs: [float(2, 3, 4), ints([1, 0, 0, -1], [2, 2])] }],
  Gelu: [
    { opset: 20, inputs: [float(9)] },
    { opset: 20, inputs: [float(9)], attributes: { approximate: "tanh" } },
  ],
  Gemm: [
    {
      opset: 7,
      inputs: [float(3, 2), float(4, 3), float(1, 4)],
      attributes: { transA: 1, transB: 1, alpha: { float: 0.5 }, beta: { float: 2 } },
    },
    { opset: 11, inputs: [float(2, 3), float(3, 4), float(2, 1)] },
  ],
  GlobalAveragePool: [{ opset: 1, inputs: [image()] }],
  GlobalLpPool: [{ opset: 2, inputs: [image()], attributes: { p: 3 } }],
  GroupNormalization: [{ opset: 21, inputs: [image(), float(4), float(4)], attributes: { num_groups: 2 } }],
  HardSigmoid: [{ opset: 6, inputs: [float(9)], attributes: { alpha: { float: 0.4 }, beta: { float: 0.3 } } }],
  Hardmax: [11, 13].map((opset) => ({ opset, inputs: [float(2, 3, 4)], attributes: { axis: 1 } })),
  LRN: [{ opset: 13, inputs: [image()], attributes: { size: 3, alpha: { float: 0.1 }, bias: { float: 1.5 } } }],
  LogSoftmax: [11, 13].map((opset) => ({ opset, inputs: [float(2, 3, 4)], attributes: { axis: 1 } })),
  LpNormalization: [1, 2].map((p) => ({ opset: 1, inputs: [float(3, 4)], attributes: { p, axis: 0 } })),
  LpPool: [{ opset: 11, inputs: [image()], attributes: { kernel_shape: [2, 3], strides: [2, 1], pads: [1, 1, 0, 1] } }],
  MatMul: [
    { opset: 9, inputs: [float(3), float(3)] },
    { opset: 9, inputs: [float(2, 4, 3), float(3)] },
    { opset: 9, inputs: [float(4), float(2, 4, 3)] },
  ],
  MaxPool: [
    {
      opset: 12,
      inputs: [image()],
      attributes: { kernel_shape: [3, 2], strides: [2, 2], ceil_mode: 1, pads: [1, 0, 1, 1] },
    },
    { opset: 12, inputs: [image()], attributes: { kernel_shape: [2, 2], dilations: [3, 2], pads: [1, 1, 1, 1] } },
  ],
  Mean: [{ opset: 8, inputs: [float(2, 3), float(3), float(2, 1)] }],
  MeanVarianceNormalization: [{ opset: 13, inputs: [image()] }],
  Mish: [{ opset: 18, inputs: [float(9)] }],
  Mod: [
    {
      opset: 13,
      inputs: [ints([7, -7, 7, -7, 2147483647, -2147483648, 16777217]), ints([3, 3, -3, -3, 7, 1000003, 2])],
    },
    { opset: 13, inputs: [ints([7, -7, 7, -7, 2147483647]), ints([3, 3, -3, -3, 7])], attributes: { fmod: 1 } },
  ],
  NegativeLogLikelihoodLoss: ["none", "sum", "mean"].map((reduction) => ({
    opset: 13,
    inputs: [float(3, 4, 2), ints([0, 3, 1, 1, 2, 0], [3, 2]), positive(4)],
    attributes: { reduction, ignore_index: 1 },
  })),
  OneHot: [
    {
      opset: 11,
      inputs: [ints([1, -1, 5], [3]), ints([4], []), { type: "float32", shape: [2], values: [-1, 2] }],
      stored: [1],
      attributes: { axis: 0 },
    },
  ],
  PRelu: [{ opset: 9, inputs: [image(), float(4, 1, 1)] }],
  Pad: [
    { opset: 2, inputs: [float(3, 4)], attributes: { pads: [1, 0, 2, 3], value: { float: 0.5 } } },
    { opset: 13, inputs: [float(3, 4), ints([1, 2, 2, 1])], attributes: { mode: "reflect" }, stored: [1] },
    { opset: 13, inputs: [float(5, 4), ints([-1, 2, -2, 0])], stored: [1], note: "cutting away" },
    { opset: 18, inputs: [float(3, 4), ints([2, 1]), one(7), ints([-1])], stored: [1, 2, 3], note: "axes" },
    { opset: 19, inputs: [float(3, 4), ints([1, 3, 2, 3])], attributes: { mode: "wrap" }, stored: [1] },
  ],
  ReduceL2: [
    { opset: 11, inputs: [float(2, 3, 4)], attributes: { axes: [0, -1], keepdims: 0 } },
    { opset: 18, inputs: [float(2, 3, 4), ints([0, -1])], attributes: { keepdims: 0 }, stored: [1] },
  ],
  ReduceMean: [{ opset: 18, inputs: [float(2, 3, 4), ints([1])], stored: [1] }],
  ReduceProd: [{ opset: 13, inputs: [float(2, 7, 5)], attributes: { axes: [1, 2] } }],
  ReduceSum: [{ opset: 11, inputs: [float(2, 3, 4)], attributes: { axes: [1], keepdims: 0 } }],
  Reshape: [{ opset: 13, inputs: [float(2, 3, 4), ints([0, -1, 2])], stored: [1] }],
  ScatterElements: [
    {
      opset: 16,
      inputs: [float(4, 5), ints([0, 2, 1, -1], [2, 2]), float(2, 2)],
      attributes: { axis: 1 },
      note: "fewer rows",
    },
    { opset: 18, inputs: [float(3, 4), ints([0, 1, 1, 1], [2, 2]), float(2, 2)], attributes: { reduction: "max" } },
  ],
  ScatterND: [
    { opset: 16, inputs: [float(4, 3), ints([2, -4], [2, 1]), float(2, 3)] },
    { opset: 18, inputs: [float(5), ints([1, 1, 3], [3, 1]), float(3)], attributes: { reduction: "mul" } },
    { opset: 18, inputs: [ints([1, 2, 3, 4]), ints([3, 0], [2, 1]), ints([-9, 8])], note: "whole numbers" },
  ],
  Shrink: [{ opset: 9, inputs: [float(12)], attributes: { lambd: { float: 0.4 }, bias: { float: 0.1 } } }],
  Sinh: [{ opset: 9, inputs: [{ ...float(5), values: [0, 1e-4, -1e-4, 2, -3] }] }],
  Slice: [
    { opset: 9, inputs: [float(4, 6)], attributes: { starts: [1, -3], ends: [1000, -1], axes: [0, 1] } },
    {
      opset: 13,
      inputs: [float(5, 6), ints([-1]), ints([-9007199254740991]), ints([1]), ints([-2])],
      stored: [1, 2, 3, 4],
    },
  ],
  Softmax: [11, 13].map((opset) => ({ opset, inputs: [float(2, 3, 4)], attributes: { axis: 1 } })),
  SoftmaxCrossEntropyLoss: ["none", "mean"].map((reduction) => ({
    opset: 13,
    inputs: [float(3, 4), ints([0, 3, 1]), positive(4)],
    attributes: { reduction },
    results: 2,
  })),
  SpaceToDepth: [{ opset: 13, inputs: [float(2, 3, 4, 6)], attributes: { blocksize: 2 } }],
  Split: [
    { opset: 2, inputs: [float(6, 2)], attributes: { split: [1, 5] }, results: 2 },
    { opset: 18, inputs: [float(7, 2)], attributes: { num_outputs: 3 }, results: 3 },
  ],
  Squeeze: [{ opset: 11, inputs: [float(1, 3, 1)], attributes: { axes: [-1] } }],
  ThresholdedRelu: [{ opset: 10, inputs: [float(9)], attributes: { alpha: { float: 0.3 } } }],
  TopK: [
    { opset: 1, inputs: [float(3, 6)], attributes: { k: 2 }, results: 2 },
    { opset: 10, inputs: [float(3, 6), ints([3])], stored: [1], results: 2, attributes: { axis: 0 } },
  ],
  Transpose: [{ opset: 1, inputs: [float(2, 3, 4)] }],
  Unsqueeze: [{ opset: 11, inputs: [float(3)], attributes: { axes: [0, 2] } }],
};

const kinds = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array, bool: Uint8Array };

async function computed(file: Uint8Array, { inputs, stored = [] }: Case): Promise<ort.Tensor[]> {
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 4, graphOptimizationLevel: "disabled" });
  const feeds = inputs.flatMap((input, at) => {
    if (!input || stored.includes(at)) return [];
    const data =
      input.type === "int64" ? BigInt64Array.from(input.values, BigInt) : kinds[input.type].from(input.values);
    return [[`x${at}`, new ort.Tensor(input.type, data as never, input.shape)]];
  });
  try {
    const results = await session.run(Object.fromEntries(feeds));
    return session.outputNames.map((name) => results[name]!);
  } finally {
    await session.release();
  }
}

async function ours(file: Uint8Array, { inputs, stored = [] }: Case): Promise<NdArray[]> {
  const imported = importOnnx(file);
  const feeds: Record<string, NdArray> = {};
  inputs.forEach((input, at) => {
    if (!input || stored.includes(at)) return;
    feeds[`x${at}`] = ndarray(input.type === "int64" ? "int32" : input.type, input.shape, input.values);
  });
  const program = trace({
    name: "file",
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)])),
    build: (leaves) => ({ outputs: imported.apply(leaves) }),
  });
  const results = await runOnce(program, feeds);
  return imported.model.outputs.map(({ name }) => results[name]!);
}

describe.each(Object.entries(cases))("%s as onnxruntime computes it", (op, list) => {
  list.forEach((own, index) => {
    it(`operator set ${own.opset}, ${own.note ?? `case ${index}`}`, async () => {
      const file = oneNodeFile({ op, ...own });
      const [expected, got] = [await computed(file, own), await ours(file, own)];
      expected.forEach((right, at) => {
        const result = got[at]!;
        expect(result.shape).toEqual([...right.dims]);
        Array.from(right.data as ArrayLike<number | bigint>, Number).forEach((value, place) => {
          const error = Math.abs(result.data[place]! - value) / Math.max(1, Math.abs(value));
          // Both are float32; the runtime adds in another order.
          expect(error, `result ${at}, element ${place}: ${result.data[place]} for ${value}`).toBeLessThan(2e-5);
        });
      });
    });
  });
});

describe("a file that we wrote", () => {
  it("is read back to the same numbers, for any number of rows", async () => {
    const { bytes, data, expected } = await exportedMlp([2, 3], 4);
    const model = readOnnx(bytes);
    expect(model).toMatchObject({ producer: "semblance", opset: 21 });
    expect(model.metadata.get("producer")).toBe("a test");
    for (const rows of [3, 1]) {
      const imported = importOnnx(model, { batch: rows });
      expect(Object.values(imported.parameters).map(({ shape }) => shape)).toEqual(
        expect.arrayContaining([
          [6, 5],
          [5, 4],
          [4, 4],
        ]),
      );
      expect(imported.trainable).toHaveLength(6);
      const fed = ndarray("float32", [rows, 2, 3], data.data.slice(0, rows * 6));
      const program = trace({
        name: "read back",
        inputs: { data: spec("float32", fed.shape) },
        build: (inputs) => ({ outputs: imported.apply(inputs) }),
      });
      const results = await runOnce(program, { data: fed });
      for (const name of ["logits", "posteriors", "embeddings"]) {
        const [got, right] = [results[name]!, expected[name]!];
        got.data.forEach((value, at) => expect(value).toBeCloseTo(right.data[at]!, 6));
        expect(got.shape).toEqual([rows, right.shape[1]]);
      }
    }
  });
});
