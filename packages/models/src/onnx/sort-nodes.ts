import { cycle, nameUnknown, repeated } from "./errors.js";
import type { OnnxGraph, OnnxNode } from "./onnx-model.js";

/**
 * Checks that every value of a graph is made once and read after it was made, and puts the nodes in such an order where the file does
 * not.
 *
 * @throws OnnxError ONNX_NAME_REPEATED, ONNX_NAME_UNKNOWN, ONNX_CYCLE
 */
export function sortNodes(graph: OnnxGraph): OnnxGraph {
  // The first versions of the format list weights among the inputs too.
  const inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name));
  const made = new Map<string, OnnxNode | undefined>();
  const make = (name: string, what: string, node?: OnnxNode) => {
    if (made.has(name)) throw repeated(name, what);
    made.set(name, node);
  };
  for (const { name } of inputs) make(name, "input");
  for (const name of graph.initializers.keys()) make(name, "initializer");
  for (const node of graph.nodes) {
    for (const name of node.outputs) if (name !== "") make(name, `node "${node.name}"`, node);
  }
  for (const { name } of graph.outputs) if (!made.has(name)) throw nameUnknown(name, "output");
  for (const node of graph.nodes) {
    for (const name of node.inputs) if (name !== "" && !made.has(name)) throw nameUnknown(name, `node "${node.name}"`);
  }
  return { ...graph, inputs, nodes: inOrder(graph.nodes, made) };
}

/** Kahn's algorithm. */
function inOrder(nodes: readonly OnnxNode[], made: ReadonlyMap<string, OnnxNode | undefined>): OnnxNode[] {
  const waiting = new Map<OnnxNode, number>();
  const readers = new Map<OnnxNode, OnnxNode[]>();
  for (const node of nodes) {
    const sources = new Set(node.inputs.flatMap((name) => made.get(name) ?? []));
    waiting.set(node, sources.size);
    for (const source of sources) {
      const list = readers.get(source);
      if (list) list.push(node);
      else readers.set(source, [node]);
    }
  }
  const sorted = nodes.filter((node) => waiting.get(node) === 0);
  for (const node of sorted) {
    for (const reader of readers.get(node) ?? []) {
      const left = waiting.get(reader)! - 1;
      waiting.set(reader, left);
      if (left === 0) sorted.push(reader);
    }
  }
  if (sorted.length === nodes.length) return sorted;
  const stuck = nodes.filter((node) => waiting.get(node)! > 0).map(({ name }) => `"${name}"`);
  throw cycle(stuck.slice(0, 5), "graph");
}
