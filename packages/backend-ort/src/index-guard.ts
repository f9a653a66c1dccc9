import type { AttributesOf, Tensor, TypedArray } from "@semblance/core";
import { indexOutOfRange } from "./errors.js";
import { scalar } from "./kernels/scalar.js";
import type { GraphBuilder, Value } from "./onnx/graph-builder.js";

/** Indices that enter a graph from outside: read before each run. */
export interface FedIndices {
  readonly input: number;
  readonly op: string;
  readonly extent: number;
}

/** Indices that a graph computes: it reports, as one more output, whether one was out of range. */
export interface ComputedIndices {
  readonly output: string;
  readonly op: string;
  readonly extent: number;
}

export interface IndexChecks {
  readonly fed: readonly FedIndices[];
  readonly computed: readonly ComputedIndices[];
}

/** Operators that neither make nor leave out elements. */
const REORDERING = new Set(["expand", "identity", "reshape", "stopGradient", "transpose"]);
const IN_RANGE = new Set(["argMax", "argTopK"]);

/**
 * Sees to it that an index out of range is an error and not a wrong number: onnxruntime counts negative indices from the end, and
 * its GPU providers read whatever lies there.
 */
export class IndexGuard {
  readonly #inputs: ReadonlyMap<Tensor, number>;
  readonly #fed = new Map<string, FedIndices>();
  readonly #computed = new Map<string, Guarded>();

  constructor(inputs: readonly Tensor[]) {
    this.#inputs = new Map(inputs.map((tensor, index) => [tensor, index]));
  }

  /**
   * Looks at one tensor, and arranges the check that its indices need, if any.
   *
   * @returns what to read instead of the indices: computed ones are clipped, so that the run ends and the flag is read.
   */
  visit(tensor: Tensor, valueOf: (tensor: Tensor) => Value, graph: GraphBuilder): Value | undefined {
    const extent = indexedExtent(tensor);
    const indices = tensor.inputs[1];
    if (extent === undefined || !indices || indices.size === 0 || tensor.size === 0) return undefined;
    const op = tensor.op.name;
    let source = indices;
    while (REORDERING.has(source.op.name) && !this.#inputs.has(source)) source = source.inputs[0]!;
    const input = this.#inputs.get(source);
    if (input !== undefined) {
      this.#fed.set(`${input} ${extent}`, { input, op, extent });
      return undefined;
    }
    if (source.op.name === "constant") {
      requireIndices((source.attributes as AttributesOf<"constant">).value.data, op, extent);
      return undefined;
    }
    if (isInRange(source, extent)) return undefined;
    const key = `${indices.id} ${extent}`;
    const guarded = this.#computed.get(key) ?? guardIndices(graph, valueOf(indices), op, extent);
    this.#computed.set(key, guarded);
    return guarded.clipped;
  }

  /** Makes the flags outputs of the graph, after its own. */
  finish(graph: GraphBuilder): IndexChecks {
    const computed = [...this.#computed.values()].map(({ flag, op, extent }) => ({
      output: graph.output(flag).name,
      op,
      extent,
    }));
    return { fed: [...this.#fed.values()], computed };
  }
}

/** @throws ShapeError INDEX_OUT_OF_RANGE */
export function requireIndices(indices: TypedArray, op: string, extent: number): void {
  for (const index of indices) if (index < 0 || index >= extent) throw indexOutOfRange(op, index, extent);
}

/** How many elements there are to choose from; undefined for a tensor that does not take indices. */
function indexedExtent(tensor: Tensor): number | undefined {
  switch (tensor.op.name) {
    case "gather":
    case "gatherElements":
      return tensor.inputs[0]!.shape[(tensor.attributes as AttributesOf<"gather">).axis];
    case "scatterElements":
      return (tensor.attributes as AttributesOf<"scatterElements">).size;
    default:
      return undefined;
  }
}

function isInRange(source: Tensor, extent: number): boolean {
  if (!IN_RANGE.has(source.op.name)) return false;
  const { axis } = source.attributes as AttributesOf<"argMax">;
  return source.inputs[0]!.shape[axis]! <= extent;
}

interface Guarded {
  readonly clipped: Value;
  /** Not 0 where an index was out of range. */
  readonly flag: Value;
  readonly op: string;
  readonly extent: number;
}

function guardIndices(graph: GraphBuilder, indices: Value, op: string, extent: number): Guarded {
  const bounds = [0, Math.max(extent - 1, 0)].map((bound) => scalar(graph, bound, "int32"));
  const clipped = graph.node("Clip", [indices, ...bounds], indices);
  const same = graph.node("Equal", [indices, clipped], { shape: indices.shape, dtype: "bool" });
  const outside = graph.node("Not", [same], { shape: indices.shape, dtype: "bool" });
  const axes = graph.int64(indices.shape.map((_, axis) => axis));
  const any = graph.node("ReduceMax", [outside, axes], { shape: [], dtype: "bool" }, { keepdims: 0 });
  return { clipped, flag: any, op, extent };
}
