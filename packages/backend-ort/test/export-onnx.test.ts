import {
  add,
  constant,
  matmul,
  mean,
  ndarray,
  reshape,
  softmax,
  spec,
  sub,
  type Tensor,
  tanh,
  trace,
} from "@semblance/core";
import { onnx } from "onnx-proto";
import { describe, expect, it } from "vitest";
import { exportOnnx } from "../src/index.js";

const weights = {
  inner: ndarray(
    "float32",
    [4, 3],
    Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)),
  ),
  outer: ndarray(
    "float32",
    [3, 2],
    Float32Array.from({ length: 6 }, (_, i) => Math.cos(i)),
  ),
};

/** x [rows, 2, 2] → posteriors [rows, 2], with what a test wants to do to the logits in between. */
const model =
  (change: (logits: Tensor) => Tensor = (logits) => logits) =>
  (rows: number) =>
    trace({
      name: "model",
      inputs: { data: spec("float32", [rows, 2, 2]), indices: spec("int32", [rows]) },
      carries: { inner: spec("float32", [4, 3]), outer: spec("float32", [3, 2]) },
      build({ data }, { inner, outer }) {
        const hidden = tanh(matmul(reshape(data, [rows, 4]), inner));
        return { outputs: { posteriors: softmax(change(matmul(hidden, outer))) } };
      },
    });

const rows = 5;
const data = ndarray(
  "float32",
  [rows, 2, 2],
  Float32Array.from({ length: rows * 4 }, (_, i) => Math.sin(i * 7)),
);

function expectedPosteriors(): Float32Array {
  const out = new Float32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    const logits = [0, 0];
    for (let h = 0; h < 3; h++) {
      let sum = 0;
      for (let i = 0; i < 4; i++) sum += data.data[row * 4 + i]! * weights.inner.data[i * 3 + h]!;
      for (let k = 0; k < 2; k++) logits[k]! += Math.tanh(sum) * weights.outer.data[h * 2 + k]!;
    }
    const total = Math.exp(logits[0]!) + Math.exp(logits[1]!);
    for (let k = 0; k < 2; k++) out[row * 2 + k] = Math.exp(logits[k]!) / total;
  }
  return out;
}

const expected = { posteriors: ndarray("float32", [rows, 2], expectedPosteriors()) };

describe("exportOnnx", () => {
  it("writes standard operators, named inputs and outputs, and a free number of rows", async () => {
    const bytes = await exportOnnx({
      program: model(),
      weights,
      feeds: { data },
      expected,
      metadata: { classes: '["a","b"]' },
    });
    const decoded = onnx.ModelProto.decode(bytes);
    const graph = decoded.graph!;
    expect(decoded.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([["", 21]]);
    expect(decoded.metadataProps).toMatchObject([{ key: "classes", value: '["a","b"]' }]);
    const dimensions = (value: onnx.IValueInfoProto) =>
      value.type!.tensorType!.shape!.dim!.map(({ dimParam, dimValue }) => dimParam || Number(dimValue));
    // `indices` is not read by this model, and an input that nothing reads is not one.
    expect(graph.input!.map((value) => [value.name, dimensions(value)])).toEqual([["data", ["rows", 2, 2]]]);
    expect(graph.output!.map((value) => [value.name, dimensions(value)])).toEqual([["posteriors", ["rows", 2]]]);
  });

  it("gives the same bytes twice", async () => {
    const write = () => exportOnnx({ program: model(), weights, feeds: { data }, expected });
    expect(await write()).toEqual(await write());
  });

  it("refuses a model whose rows depend on each other", async () => {
    const centred = model((logits) => sub(logits, mean(logits, { axes: [0] })));
    await expect(exportOnnx({ program: centred, weights, feeds: { data }, expected })).rejects.toMatchObject({
      code: "EXPORT_ROWS_FIXED",
    });
  });

  it("refuses to give a file that differs from the model", async () => {
    const shifted = model((logits) => add(logits, constant(ndarray("float32", [2], [0, 1]))));
    await expect(exportOnnx({ program: shifted, weights, feeds: { data }, expected })).rejects.toMatchObject({
      code: "EXPORT_MISMATCH",
    });
  });
});
