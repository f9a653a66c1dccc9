import { elementTypeCodes } from "./element-types.js";
import type { Attribute, GraphBuilder, Initializer, Node, Value } from "./graph-builder.js";
import { ProtoWriter } from "./proto-writer.js";

/** The ONNX intermediate representation and operator set that we write. */
export const IR_VERSION = 10;
export const OPSET_VERSION = 21;
/** onnxruntime's own operators. */
export const CONTRIB_DOMAIN = "com.microsoft";

/** `AttributeProto.AttributeType`. */
const FLOAT = 1;
const INT = 2;
const STRING = 3;
const INTS = 7;

export interface ModelOptions {
  /** The name of the first axis of every input and output, where a model takes any number of rows. */
  readonly rowsAxis?: string;
  /** Names of the axes of an input or output, where the first alone does not say it; an axis without a name keeps its extent. */
  readonly axes?: Readonly<Record<string, readonly (string | undefined)[]>>;
  /** Free text by name, which travels with the model. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The bytes of a `ModelProto`. Field numbers are those of onnx.proto. */
export function encodeModel(graph: GraphBuilder, { metadata = {}, ...axes }: ModelOptions = {}): Uint8Array {
  const writer = new ProtoWriter()
    .int(1, IR_VERSION)
    .string(2, "semblance")
    .message(7, (inner) => writeGraph(inner, graph, axes))
    .message(8, (opset) => opset.string(1, "").int(2, OPSET_VERSION));
  // Named only where it is used, so that a model without it is plain ONNX to every reader.
  if (graph.nodes.some(({ domain }) => domain === CONTRIB_DOMAIN)) {
    writer.message(8, (opset) => opset.string(1, CONTRIB_DOMAIN).int(2, 1));
  }
  for (const [key, value] of Object.entries(metadata))
    writer.message(14, (entry) => entry.string(1, key).string(2, value));
  return writer.finish();
}

type Axes = Omit<ModelOptions, "metadata">;

function writeGraph(writer: ProtoWriter, graph: GraphBuilder, axes: Axes): void {
  for (const node of graph.nodes) writer.message(1, (inner) => writeNode(inner, node));
  writer.string(2, graph.name);
  for (const initializer of graph.initializers) writer.message(5, (inner) => writeTensor(inner, initializer));
  for (const input of graph.inputs) writer.message(11, (inner) => writeValueInfo(inner, input, axes));
  for (const output of graph.outputs) writer.message(12, (inner) => writeValueInfo(inner, output, axes));
}

function writeNode(writer: ProtoWriter, { op, domain, inputs, outputs, attributes }: Node): void {
  for (const input of inputs) writer.string(1, input);
  for (const output of outputs) writer.string(2, output);
  // Nodes are named after their first output, which is unique: onnxruntime's messages and profiles name them.
  writer.string(3, outputs[0]!).string(4, op);
  for (const [name, value] of Object.entries(attributes)) {
    writer.message(5, (inner) => writeAttribute(inner, name, value));
  }
  if (domain !== "") writer.string(7, domain);
}

function writeAttribute(writer: ProtoWriter, name: string, value: Attribute): void {
  writer.string(1, name);
  if (typeof value === "number") writer.int(3, value).int(20, INT);
  else if (typeof value === "string") writer.string(4, value).int(20, STRING);
  else if ("float" in value) writer.float(2, value.float).int(20, FLOAT);
  else {
    for (const entry of value) writer.int(8, entry);
    writer.int(20, INTS);
  }
}

function writeTensor(writer: ProtoWriter, { name, shape, dtype, bytes }: Initializer): void {
  for (const extent of shape) writer.int(1, extent);
  writer.int(2, elementTypeCodes[dtype]).string(8, name).bytes(9, bytes);
}

function writeValueInfo(writer: ProtoWriter, value: Value, { rowsAxis, axes = {} }: Axes): void {
  writer.string(1, value.name).message(2, (type) => {
    if (value.sequence) type.message(4, (sequence) => sequence.message(1, (inner) => writeTensorType(inner, value)));
    else writeTensorType(type, value, axes[value.name] ?? [rowsAxis]);
  });
}

function writeTensorType(
  writer: ProtoWriter,
  { shape, dtype }: Value,
  axes: readonly (string | undefined)[] = [],
): void {
  writer.message(1, (tensor) =>
    tensor.int(1, elementTypeCodes[dtype]).message(2, (dimensions) => {
      for (const [axis, extent] of shape.entries()) {
        const name = axes[axis];
        dimensions.message(1, (dimension) =>
          name === undefined ? dimension.int(1, extent) : dimension.string(2, name),
        );
      }
    }),
  );
}
