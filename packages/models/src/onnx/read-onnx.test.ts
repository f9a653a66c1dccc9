import { onnx } from "onnx-proto";
import { describe, expect, it } from "vitest";
import { importOnnx } from "./import-onnx.js";
import { readOnnx } from "./proto/read-onnx.js";
import { readOnnxTensor } from "./proto/read-tensor.js";
import { toArray } from "./to-array.js";
import { unsupportedOperators } from "./unsupported-operators.js";

const info = (name: string, shape: readonly (number | string)[] = [2], elemType = 1): onnx.IValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType,
      shape: { dim: shape.map((extent) => (typeof extent === "string" ? { dimParam: extent } : { dimValue: extent })) },
    },
  },
});
const encode = (graph: onnx.IGraphProto, rest: onnx.IModelProto = {}) =>
  onnx.ModelProto.encode({ irVersion: 8, opsetImport: [{ domain: "", version: 18 }], graph, ...rest }).finish();
const relu: onnx.IGraphProto = {
  node: [{ name: "first", opType: "Relu", input: ["x"], output: ["y"] }],
  input: [info("x")],
  output: [info("y")],
};
const tensor = (fields: onnx.ITensorProto) => readOnnxTensor(onnx.TensorProto.encode(fields).finish());
const code = (name: string) => expect.objectContaining({ code: name });

describe("a tensor of a file", () => {
  it("keeps its numbers as bytes, or in a list of their kind", () => {
    const raw = new Uint8Array(Float32Array.of(1.5, -2).buffer);
    expect(toArray(tensor({ dims: [2], dataType: 1, rawData: raw })).data).toEqual(Float32Array.of(1.5, -2));
    expect(toArray(tensor({ dims: [2], dataType: 1, floatData: [1.5, -2] })).data).toEqual(Float32Array.of(1.5, -2));
    expect(toArray(tensor({ dims: [1], dataType: 11, doubleData: [0.1] })).data).toEqual(Float64Array.of(0.1));
    expect(toArray(tensor({ dims: [2], dataType: 3, int32Data: [-128, 127] })).data).toEqual(Int32Array.of(-128, 127));
    expect(toArray(tensor({ dims: [2], dataType: 7, int64Data: [-1, 7] })).data).toEqual(Int32Array.of(-1, 7));
    expect(toArray(tensor({ dims: [1], dataType: 12, uint64Data: [4] })).data).toEqual(Int32Array.of(4));
    expect(toArray(tensor({ dims: [2], dataType: 9, int32Data: [0, 1] }))).toMatchObject({ dtype: "bool" });
  });

  it("may list its numbers one by one, as writers of the second syntax did", () => {
    // dims 2, then type 7, then two int64 fields of their own.
    const bytes = Uint8Array.of(0x08, 2, 0x10, 7, 0x38, 5, 0x38, 6);
    expect(toArray(readOnnxTensor(bytes)).data).toEqual(Int32Array.of(5, 6));
  });

  it("widens 16-bit floats", () => {
    const half = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555).buffer);
    expect(Array.from(toArray(tensor({ dims: [5], dataType: 10, rawData: half })).data)).toEqual([
      1,
      -2,
      2 ** -24,
      Number.POSITIVE_INFINITY,
      0.333251953125,
    ]);
    expect(toArray(tensor({ dims: [2], dataType: 16, int32Data: [0x3f80, 0xc040] })).data).toEqual(
      Float32Array.of(1, -3),
    );
  });

  it.each([
    ["announces more elements than it has", { dims: [4], dataType: 1, floatData: [1] }, "ONNX_MALFORMED"],
    [
      "announces more bytes than it has",
      { dims: [2 ** 30], dataType: 1, rawData: new Uint8Array(4) },
      "ONNX_MALFORMED",
    ],
    ["has a size beyond any array", { dims: [2 ** 20, 2 ** 20], dataType: 1 }, "ONNX_TOO_LARGE"],
    ["has a negative axis", { dims: [-1], dataType: 1 }, "ONNX_MALFORMED"],
    ["lies in another file", { dims: [1], dataType: 1, dataLocation: 1 }, "ONNX_EXTERNAL_DATA"],
  ])("is refused where it %s", (_, fields, wanted) => {
    expect(() => tensor(fields)).toThrowError(code(wanted));
  });

  it("is refused where a number is beyond int32", () => {
    const large = tensor({ name: "w", dims: [1], dataType: 12, uint64Data: [2 ** 31] });
    expect(() => toArray(large)).toThrowErrorMatchingInlineSnapshot(
      `[OnnxError: 2147483648 is beyond int32, in which uint32 is computed]`,
    );
  });
});

describe("a file", () => {
  it("is described", () => {
    const model = readOnnx(encode(relu, { producerName: "somebody", metadataProps: [{ key: "a", value: "b" }] }));
    expect(model).toMatchObject({ irVersion: 8, producer: "somebody", opset: 18, inputs: [{ name: "x", shape: [2] }] });
    expect(model.metadata.get("a")).toBe("b");
    expect(model.nodes).toEqual([expect.objectContaining({ name: "first", operator: "Relu", domain: "" })]);
  });

  it("is put in order where its nodes are not", () => {
    const node = [
      { opType: "Neg", input: ["h"], output: ["y"] },
      { opType: "Relu", input: ["x"], output: ["h"] },
    ];
    expect(readOnnx(encode({ ...relu, node })).nodes.map(({ operator }) => operator)).toEqual(["Relu", "Neg"]);
  });

  const bytes = encode(relu);
  it.each([
    ["is empty", new Uint8Array(), "ONNX_MALFORMED"],
    ["ends too early", bytes.subarray(0, bytes.length - 3), "ONNX_MALFORMED"],
    [
      "is of an operator set to come",
      encode(relu, { opsetImport: [{ domain: "", version: 99 }] }),
      "ONNX_OPSET_UNKNOWN",
    ],
    ["has no operator set", encode(relu, { opsetImport: [] }), "ONNX_OPSET_UNKNOWN"],
    [
      "waits for itself",
      encode({ ...relu, node: [{ opType: "Add", input: ["x", "y"], output: ["y"] }] }),
      "ONNX_CYCLE",
    ],
    [
      "reads what nobody gives",
      encode({ ...relu, node: [{ opType: "Relu", input: ["z"], output: ["y"] }] }),
      "ONNX_NAME_UNKNOWN",
    ],
    ["gives a name twice", encode({ ...relu, node: [...relu.node!, ...relu.node!] }), "ONNX_NAME_REPEATED"],
    ["has no such output", encode({ ...relu, output: [info("z")] }), "ONNX_NAME_UNKNOWN"],
    ["has sparse weights", encode({ ...relu, sparseInitializer: [{ dims: [2] }] }), "ONNX_SPARSE"],
  ])("is refused where it %s", (_, file, wanted) => {
    expect(() => readOnnx(file)).toThrowError(code(wanted));
  });

  it("lists what cannot be computed by node and operator, before anything runs", () => {
    const node = [
      {
        name: "branch",
        opType: "If",
        input: ["c"],
        output: ["h"],
        attribute: [{ name: "then_branch", type: 5, g: relu }],
      },
      { name: "own", opType: "Frob", domain: "com.example", input: ["h"], output: ["k"] },
      {
        name: "stats",
        opType: "BatchNormalization",
        input: ["k", "k", "k", "k", "k"],
        output: ["y"],
        attribute: [{ name: "training_mode", type: 2, i: 1 }],
      },
    ];
    const model = readOnnx(encode({ node, input: [info("c", [1], 9)], output: [info("y")] }));
    expect(unsupportedOperators(model)).toMatchInlineSnapshot(`
      [
        {
          "node": "branch",
          "operator": "If",
          "reason": "it holds a graph of its own, and shapes and steps are fixed before a model runs",
        },
        {
          "node": "own",
          "operator": "com.example.Frob",
          "reason": "operators of the domain "com.example" are not known",
        },
        {
          "node": "stats",
          "operator": "BatchNormalization",
          "reason": "training_mode = 1 takes the statistics of the batch",
        },
      ]
    `);
    expect(() => importOnnx(model)).toThrowError(code("ONNX_OPERATOR_UNSUPPORTED"));
  });
});

describe("an import", () => {
  it("binds what a file leaves open", () => {
    const model = readOnnx(
      encode({ ...relu, input: [info("x", ["rows", "width"])], output: [info("y", ["rows", "width"])] }),
    );
    expect(importOnnx(model, { batch: 3, inputs: { x: [3, 5] } }).outputs.y).toEqual({
      dtype: "float32",
      shape: [3, 5],
    });
    expect(() => importOnnx(model)).toThrowError(code("ONNX_SHAPE_OPEN"));
    expect(() => importOnnx(model, { inputs: { x: [3] } })).toThrowError(code("ONNX_SHAPE_MISMATCH"));
    expect(() => importOnnx(model, { inputs: { z: [3] } })).toThrowError(code("ONNX_INPUT_UNKNOWN"));
  });

  it("names the inputs that have to be known", () => {
    const node = [{ opType: "Reshape", input: ["x", "shape"], output: ["y"] }];
    const model = readOnnx(
      encode({ node, input: [info("x", [2, 2]), info("shape", [1], 7)], output: [info("y", [4])] }),
    );
    expect(() => importOnnx(model)).toThrowErrorMatchingInlineSnapshot(
      `[OnnxError: "shape" decides a shape, and is not known before the model runs]`,
    );
    const constants = { shape: { dtype: "int32", shape: [1], data: Int32Array.of(4) } as const };
    expect(importOnnx(model, { constants }).outputs.y!.shape).toEqual([4]);
  });

  it("refuses what a file claims before it is made", () => {
    const huge = { name: "n", dims: [2], dataType: 7, int64Data: [2 ** 30, 2 ** 30] };
    const node = [{ opType: "ConstantOfShape", input: ["n"], output: ["y"] }];
    const model = readOnnx(encode({ node, initializer: [huge], output: [info("y", ["a", "b"])] }));
    expect(() => importOnnx(model)).toThrowError(code("ONNX_TOO_LARGE"));
  });

  it("tells where a shape does not fit", () => {
    const node = [{ name: "sum", opType: "Add", input: ["a", "b"], output: ["y"] }];
    const model = readOnnx(encode({ node, input: [info("a", [2]), info("b", [3])], output: [info("y", [3])] }));
    expect(() => importOnnx(model)).toThrowError(
      expect.objectContaining({ code: "ONNX_NODE_INVALID", where: 'node "sum" (Add)' }),
    );
  });
});
