import { exportOnnx } from "@semblance/backend-ort";
import { createCatalogue, Key, MODEL, type NdArray, ndarray, traceInference } from "@semblance/core";
import { modelsPlugin } from "@semblance/models";
import { onnx } from "onnx-proto";
import { runOnce } from "./run-once.js";

const catalogue = createCatalogue([modelsPlugin]);

/** A multilayer perceptron with drawn weights as our exporter writes it, and what it makes of some rows. */
export async function exportedMlp(item: readonly number[], outputs: number, rows = 3) {
  const model = catalogue.choose("model", { name: "mlp", hidden: [5, 4], activation: ["relu", "tanh"] });
  const shape = { item, outputs, rows: 10 };
  const width = item.reduce((a, b) => a * b, 1);
  const key = Key.fromSeed(7);
  const weights = Object.fromEntries(
    Object.entries(model.entry.init(key, shape, model.config)).map(([name, { shape: own, data }]) => [
      MODEL + name,
      ndarray("float32", own, Float32Array.from(data)),
    ]),
  );
  const data: NdArray = ndarray("float32", [rows, ...item], Float32Array.from(key.fold("x").normal(rows * width)));
  const indices = ndarray(
    "int32",
    [rows],
    Int32Array.from({ length: rows }, (_, at) => at),
  );
  const learner = { model, shape };
  const expected = await runOnce(traceInference(learner, weights, rows, "float32"), { data, indices }, weights);
  const bytes = await exportOnnx({
    program: (count) => traceInference(learner, weights, count, "float32"),
    weights,
    feeds: { data, indices },
    expected,
    metadata: { producer: "a test" },
  });
  return { bytes, data, expected };
}

export type AttributeValue =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] };

function attribute(name: string, value: AttributeValue): onnx.IAttributeProto {
  if (typeof value === "number") return { name, type: 2, i: value };
  if (typeof value === "string") return { name, type: 3, s: new TextEncoder().encode(value) };
  if ("float" in value) return { name, type: 1, f: value.float };
  if ("floats" in value) return { name, type: 6, floats: [...value.floats] };
  return { name, type: 7, ints: [...value] };
}

const CODES = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

export interface FileTensor {
  readonly type: keyof typeof CODES;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface OneNode {
  readonly op: string;
  readonly opset: number;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Fed inputs; an undefined one is left out. */
  readonly inputs: readonly (FileTensor | undefined)[];
  /** Positions of inputs that are weights of the file instead. */
  readonly stored?: readonly number[];
  readonly results?: number;
}

/** A file with one node. Its inputs are called x0, x1 …, its results y0, y1 …. */
export function oneNodeFile({ op, opset, attributes = {}, inputs, stored = [], results = 1 }: OneNode): Uint8Array {
  const names = inputs.map((input, at) => (input ? `x${at}` : ""));
  const outputs = Array.from({ length: results }, (_, at) => `y${at}`);
  const tensors = inputs.flatMap((input, at) => (input ? [{ ...input, at, name: `x${at}` }] : []));
  const info = (name: string, elemType: number, shape?: readonly number[]): onnx.IValueInfoProto => ({
    name,
    type: { tensorType: { elemType, ...(shape ? { shape: { dim: shape.map((dimValue) => ({ dimValue })) } } : {}) } },
  });
  const graph: onnx.IGraphProto = {
    name: "one node",
    node: [
      {
        name: `the ${op}`,
        opType: op,
        input: names,
        output: outputs,
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      },
    ],
    initializer: tensors
      .filter(({ at }) => stored.includes(at))
      .map(({ name, type, shape, values }) => ({
        name,
        dims: [...shape],
        dataType: CODES[type],
        ...(type === "float32"
          ? { floatData: [...values] }
          : type === "int64"
            ? { int64Data: [...values] }
            : { int32Data: [...values] }),
      })),
    input: tensors
      .filter(({ at }) => !stored.includes(at))
      .map(({ name, type, shape }) => info(name, CODES[type], shape)),
    output: outputs.map((name) => info(name, 0)),
  };
  // The results' types are left to the reader.
  for (const output of graph.output!) delete output.type;
  return onnx.ModelProto.encode({ irVersion: 8, opsetImport: [{ domain: "", version: opset }], graph }).finish();
}
