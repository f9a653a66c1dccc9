import { ndarray } from "@semblance/core";
import { onnx } from "onnx-proto";
import { describe, expect, it } from "vitest";
import { IR_VERSION, OPSET_VERSION } from "./encode-model.js";
import { GraphBuilder } from "./graph-builder.js";

/** What an independent reader makes of our bytes. */
const decode = (graph: GraphBuilder) => onnx.ModelProto.decode(graph.encode());

describe("encodeModel", () => {
  it("names the versions, and onnxruntime's domain only where it is used", () => {
    const plain = new GraphBuilder("plain");
    const x = plain.input("x", { shape: [2, 3], dtype: "float32" });
    plain.output(plain.node("Neg", [x], x));
    const { irVersion, opsetImport } = decode(plain);
    expect(Number(irVersion)).toBe(IR_VERSION);
    expect(opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([["", OPSET_VERSION]]);

    plain.output(
      plain.node("FusedMatMul", [x, x], { shape: [2, 2], dtype: "float32" }, { transB: 1 }, "com.microsoft"),
    );
    expect(decode(plain).opsetImport.map(({ domain }) => domain)).toEqual(["", "com.microsoft"]);
  });

  it("writes inputs, outputs, nodes and all kinds of attributes", () => {
    const graph = new GraphBuilder("all");
    const x = graph.input("x", { shape: [2, 0], dtype: "bool" });
    const attributes = { whole: -3, list: [1, -1], text: "add", real: { float: 0.25 } };
    const y = graph.node("Some", [x, undefined, x], { shape: [], dtype: "float64" }, attributes);
    graph.output(y);
    const decoded = decode(graph).graph!;
    expect(decoded.name).toBe("all");
    const [input] = decoded.input!;
    expect(input!.name).toBe("x");
    expect(input!.type!.tensorType!.elemType).toBe(onnx.TensorProto.DataType.BOOL);
    expect(input!.type!.tensorType!.shape!.dim!.map(({ dimValue }) => Number(dimValue))).toEqual([2, 0]);
    expect(decoded.output![0]!.type!.tensorType!.elemType).toBe(onnx.TensorProto.DataType.DOUBLE);
    const [node] = decoded.node!;
    expect(node).toMatchObject({ opType: "Some", input: ["x", "", "x"], output: [y.name] });
    const attribute = (name: string) => node!.attribute!.find((each) => each.name === name)!;
    expect(Number(attribute("whole").i)).toBe(-3);
    expect(attribute("list").ints!.map(Number)).toEqual([1, -1]);
    expect(Buffer.from(attribute("text").s!).toString()).toBe("add");
    expect(attribute("real")).toMatchObject({ f: 0.25, type: onnx.AttributeProto.AttributeType.FLOAT });
  });

  it("writes arrays bit by bit, and small equal ones once", () => {
    const graph = new GraphBuilder("constants");
    const values = ndarray("float32", [4], [-0, Number.NaN, Number.POSITIVE_INFINITY, 1e-40]);
    const first = graph.constant(values);
    expect(graph.constant(ndarray("float32", [4], [...values.data]))).toBe(first);
    expect(graph.constant(ndarray("float32", [1], [0])).name).not.toBe(
      graph.constant(ndarray("float32", [1], [-0])).name,
    );
    graph.int64([-1, 2 ** 40]);
    const [stored, , , shape] = decode(graph).graph!.initializer!;
    expect(new Float32Array(Uint8Array.from(stored!.rawData!).buffer)).toEqual(values.data);
    expect(new BigInt64Array(Uint8Array.from(shape!.rawData!).buffer)).toEqual(BigInt64Array.of(-1n, 2n ** 40n));
  });

  it("copies a value that is a result twice, or that nothing computes", () => {
    const graph = new GraphBuilder("copies");
    const x = graph.input("x", { shape: [1], dtype: "float32" });
    const y = graph.node("Neg", [x], x);
    const names = [x, y, y, graph.constant(ndarray("float32", [1], [1]))].map((value) => graph.output(value).name);
    expect(new Set(names).size).toBe(4);
    expect(names[1]).toBe(y.name);
    expect(graph.nodes.map(({ op }) => op)).toEqual(["Neg", "Identity", "Identity", "Identity"]);
  });

  it("declares a sequence as such, before all other results", () => {
    const graph = new GraphBuilder("sequence");
    const x = graph.input("x", { shape: [1], dtype: "float32" });
    graph.output(graph.node("Neg", [x], x));
    const name = graph.emptySequenceFirst();
    const [first, second] = decode(graph).graph!.output!;
    expect(first!.name).toBe(name);
    expect(first!.type!.sequenceType!.elemType!.tensorType!.elemType).toBe(onnx.TensorProto.DataType.FLOAT);
    expect(second!.type!.tensorType).toBeTruthy();
  });
});
