import { indexRequirement, type Tensor } from "@semblance/core";
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
   * @param indices what it reads them from: its second input, or what that repeats
   * @returns what to read instead of the indices: computed ones are clipped, so that the run ends and the flag is read.
   */
  visit(
    tensor: Tensor,
    indices: Tensor | undefined,
    valueOf: (tensor: Tensor) => Value,
    graph: GraphBuilder,
  ): Value | undefined {
    const required = indexRequirement(tensor, this.#inputs);
    if (!required) return undefined;
    const { op, extent } = required;
    if (required.kind === "fed") {
      this.#fed.set(`${required.input} ${extent}`, { input: required.input, op, extent });
      return undefined;
    }
    const key = `${indices!.id} ${extent}`;
    const guarded = this.#computed.get(key) ?? guardIndices(graph, valueOf(indices!), op, extent);
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
