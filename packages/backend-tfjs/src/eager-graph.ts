import { type AttributesOf, type CompiledGraph, type Graph, indexOutOfRange, type Tensor } from "@semblance/core";
import { compute, type RaisedFlag, type RunState } from "./compute.js";
import { bytesOf, peakBytes } from "./dry-run.js";
import { graphReleased, memoryExceeded } from "./errors.js";
import type { Handle } from "./handle.js";
import type { Namespace } from "./namespace.js";
import { Operations } from "./operations.js";
import { type Plan, planOf } from "./plan.js";
import type { TfTensor } from "./tf-api.js";

/** A graph that TensorFlow.js computes operator by operator; each result is disposed of after its last use. */
export class EagerGraph implements CompiledGraph<Handle> {
  readonly #plan: Plan;
  readonly #peak: number;
  readonly #tf: Operations;
  readonly #constants = new Map<Tensor, TfTensor>();
  #released = false;

  /** @throws BackendError DTYPE_UNSUPPORTED, MEMORY_LIMIT; ShapeError INDEX_OUT_OF_RANGE */
  constructor(
    private readonly graph: Graph,
    private readonly namespace: Namespace,
    private readonly memoryLimit: number,
  ) {
    this.#plan = planOf(graph, namespace.device);
    this.#peak = peakBytes(this.#plan, graph, namespace.device);
    this.#tf = new Operations(namespace.tf, namespace.device);
    const fixed = [...graph.inputs, ...this.#plan.constants].reduce((total, tensor) => total + bytesOf(tensor), 0);
    this.#requireMemory(fixed + this.#peak);
    namespace.within(() => {
      for (const tensor of this.#plan.constants) {
        const { dtype, shape, data } = (tensor.attributes as AttributesOf<"constant">).value;
        this.#constants.set(tensor, namespace.tf.tensor(data.slice(), shape, dtype));
      }
    });
  }

  async run(inputs: readonly Handle[], spare: readonly (Handle | undefined)[]): Promise<Handle[]> {
    // Kernels of TensorFlow.js always allocate, so that what is spare is worth most when it is gone.
    for (const handle of spare) handle?.tensor.dispose();
    if (this.#released) throw graphReleased(this.graph.name);
    this.#requireMemory(this.namespace.tf.memory().numBytes + this.#peak);
    const flags: RaisedFlag[] = [];
    const values = new Map<Tensor, TfTensor>(this.#constants);
    this.graph.inputs.forEach((tensor, at) => values.set(tensor, inputs[at]!.tensor));
    const made = new Set<TfTensor>();
    const run: RunState = { graph: this.graph.name, values, made, flags, indicesOf: (at) => inputs[at]!.indices };
    try {
      await this.namespace.running(this.graph.name, () => {
        for (const step of this.#plan.steps) compute(step, this.#tf, run);
      });
      for (const { flag, op, extent } of flags) {
        if ((await flag.data())[0] !== 0) throw indexOutOfRange(op, undefined, extent);
      }
      return this.graph.outputs.map((tensor) => {
        const result = values.get(tensor)!;
        made.delete(result);
        return { tensor: result };
      });
    } finally {
      for (const tensor of made) tensor.dispose();
      for (const { flag } of flags) flag.dispose();
    }
  }

  #requireMemory(bytes: number): void {
    if (bytes > this.memoryLimit) {
      throw memoryExceeded(this.namespace.device, `graph "${this.graph.name}"`, bytes, this.memoryLimit);
    }
  }

  dispose(): void {
    this.#released = true;
    this.#tf.dispose();
    for (const tensor of this.#constants.values()) tensor.dispose();
    this.#constants.clear();
  }
}
