import { malformed, OnnxError, repeated, tooLarge } from "../errors.js";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from "../onnx-model.js";
import { sortNodes } from "../sort-nodes.js";
import { ProtoReader } from "./proto-reader.js";
import { readAttribute } from "./read-attribute.js";
import { readTensor } from "./read-tensor.js";
import { readValueInfo } from "./read-value-info.js";

/** The most that Protocol Buffers allow. */
const LARGEST_FILE = 2 ** 31 - 1;
/** The versions of the standard operators whose meaning is known here. */
export const OLDEST_OPSET = 1;
export const LATEST_OPSET = 24;

/**
 * Reads an ONNX file: who made it, its operators' versions, and its graph with nodes, weights, inputs and results. Nothing is computed
 * and no other file is opened; memory is at most a small multiple of the file.
 *
 * @throws OnnxError ONNX_MALFORMED, ONNX_TOO_LARGE, ONNX_EXTERNAL_DATA, ONNX_SPARSE, ONNX_OPSET_UNKNOWN, ONNX_NAME_REPEATED,
 * ONNX_NAME_UNKNOWN, ONNX_CYCLE
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  if (bytes.length > LARGEST_FILE) throw tooLarge(`${bytes.length} bytes`, "ONNX file");
  const reader = new ProtoReader(bytes, "ONNX file");
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  let irVersion = 0;
  let producer = "";
  let graph: OnnxGraph | undefined;
  reader.eachField((field) => {
    if (field === 1) irVersion = reader.int();
    else if (field === 2) producer = reader.text();
    else if (field === 7) {
      if (graph) throw malformed("there are two graphs", "ONNX file");
      graph = readGraph(reader.message("graph"));
    } else if (field === 8) {
      const [domain, version] = readOpset(reader.message("operator set"));
      opsets.set(domain === "ai.onnx" ? "" : domain, version);
    } else if (field === 14) {
      const [key, value] = readPair(reader.message("metadata"));
      metadata.set(key, value);
    }
  });
  if (!graph) throw malformed("there is no graph", "ONNX file");
  // Before its third version the format had no operator sets, and meant the first.
  const opset = opsets.get("") ?? (irVersion < 3 || opsets.size > 0 ? 1 : 0);
  if (opset < OLDEST_OPSET || opset > LATEST_OPSET) {
    throw new OnnxError("ONNX_OPSET_UNKNOWN", `version ${opset} of the standard operators is not known`, {
      where: "ONNX file",
      fix: `Export the model with operator set ${OLDEST_OPSET} to ${LATEST_OPSET}.`,
    });
  }
  return { irVersion, producer, opset, opsets, metadata, ...sortNodes(graph) };
}

function readGraph(reader: ProtoReader): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  const initializers = new Map<string, OnnxTensor>();
  let graphName = "";
  reader.eachField((field) => {
    if (field === 1) nodes.push(readNode(reader.message(`node ${nodes.length}`), nodes.length));
    else if (field === 2) graphName = reader.text();
    else if (field === 5) {
      const tensor = readTensor(reader.message("initializer"));
      if (tensor.name === "") throw malformed("an initializer has no name", "graph");
      if (initializers.has(tensor.name)) throw repeated(tensor.name, "initializer");
      initializers.set(tensor.name, tensor);
    } else if (field === 11) inputs.push(readValueInfo(reader.message("input")));
    else if (field === 12) outputs.push(readValueInfo(reader.message("output")));
    else if (field === 15) {
      throw new OnnxError("ONNX_SPARSE", "sparse weights cannot be read", {
        where: "graph",
        fix: "Save the model with dense weights.",
      });
    }
  });
  return { graphName, nodes, inputs, outputs, initializers };
}

function readNode(reader: ProtoReader, index: number): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let name = "";
  let operator = "";
  let domain = "";
  reader.eachField((field) => {
    if (field === 1) inputs.push(reader.text());
    else if (field === 2) outputs.push(reader.text());
    else if (field === 3) name = reader.text();
    else if (field === 4) operator = reader.text();
    else if (field === 5) {
      const { name: key, attribute } = readAttribute(reader.message(`node ${index}`));
      attributes.set(key, attribute);
    } else if (field === 7) domain = reader.text();
  });
  if (operator === "") throw malformed("a node has no operator", `node ${index}`);
  return {
    name: name === "" ? `${operator} ${index}` : name,
    operator,
    domain: domain === "ai.onnx" ? "" : domain,
    inputs,
    outputs,
    attributes,
  };
}

function readOpset(reader: ProtoReader): [domain: string, version: number] {
  let domain = "";
  let version = 0;
  reader.eachField((field) => {
    if (field === 1) domain = reader.text();
    else if (field === 2) version = reader.int();
  });
  return [domain, version];
}

function readPair(reader: ProtoReader): [key: string, value: string] {
  const pair: [string, string] = ["", ""];
  reader.eachField((field) => {
    if (field === 1 || field === 2) pair[field - 1] = reader.text();
  });
  return pair;
}
