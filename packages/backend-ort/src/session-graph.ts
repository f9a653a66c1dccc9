import {
  allocate,
  type CompiledGraph,
  type Graph,
  indexOutOfRange,
  isSemblanceError,
  type NdArray,
  requireIndices,
  sizeOf,
  type TypedArray,
} from "@semblance/core";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { runFailed, sessionReleased } from "./errors.js";
import type { Binding, LoweredGraph } from "./lower.js";
import { PackedBuffer } from "./packed-buffer.js";
import type { Runtime } from "./runtime.js";
import type { UncopiedResults } from "./uncopied-results.js";

export interface SessionParts {
  readonly runtime: Runtime;
  readonly session: InferenceSession;
  readonly graph: Graph;
  readonly lowered: Omit<LoweredGraph, "model">;
  /** Whether results are written into buffers of ours; only main memory allows it. */
  readonly intoBuffers: boolean;
  readonly uncopied?: UncopiedResults | undefined;
}

/** A graph as one onnxruntime session. Handles are arrays in main memory. */
export class SessionGraph implements CompiledGraph<NdArray> {
  #session: InferenceSession | undefined;
  readonly #packs: { readonly inputs: readonly PackedBuffer[]; readonly outputs: readonly PackedBuffer[] };

  constructor(private readonly parts: SessionParts) {
    this.#session = parts.session;
    const { inputs, outputs } = parts.lowered.packs;
    this.#packs = {
      inputs: inputs.map((pack) => new PackedBuffer(parts.runtime, pack)),
      outputs: outputs.map((pack) => new PackedBuffer(parts.runtime, pack)),
    };
  }

  async run(inputs: readonly NdArray[], spare: readonly (NdArray | undefined)[]): Promise<NdArray[]> {
    const { graph, lowered, intoBuffers } = this.parts;
    const session = this.#session;
    if (!session) throw sessionReleased(graph.name);
    for (const { input, op, extent } of lowered.checks.fed) requireIndices(inputs[input]!.data, op, extent);
    const feeds: Record<string, OrtTensor> = {};
    for (const binding of lowered.inputs) feeds[binding.name] = this.#view(inputs[binding.index]!, binding);
    for (const pack of this.#packs.inputs) {
      pack.fill(inputs);
      feeds[pack.name] = pack.tensor;
    }
    try {
      return await (intoBuffers ? this.#runIntoBuffers(session, feeds, spare) : this.#runReturned(session, feeds));
    } catch (cause) {
      throw isSemblanceError(cause) ? cause : runFailed(graph.name, cause);
    }
  }

  /** A spare buffer is written into, which saves an allocation; it never holds a value that this run reads. */
  async #runIntoBuffers(
    session: InferenceSession,
    feeds: Readonly<Record<string, OrtTensor>>,
    spare: readonly (NdArray | undefined)[],
  ): Promise<NdArray[]> {
    const { graph, lowered, runtime, uncopied } = this.parts;
    const results = graph.outputs.map(
      ({ dtype, shape }, index): NdArray => spare[index] ?? { dtype, shape, data: allocate(dtype, sizeOf(shape)) },
    );
    const fetches: Record<string, OrtTensor> = {};
    for (const binding of lowered.outputs) fetches[binding.name] = this.#view(results[binding.index]!, binding);
    for (const { name, tensor } of this.#packs.outputs) fetches[name] = tensor;
    const flags = lowered.checks.computed.map(({ output, op, extent }) => {
      const data = new Uint8Array(1);
      fetches[output] = new runtime.Tensor("bool", data, []);
      return { data, op, extent };
    });
    if (uncopied) await uncopied.run(session, feeds, fetches);
    else await session.run(feeds, fetches);
    for (const { data, op, extent } of flags) if (data[0] !== 0) throw indexOutOfRange(op, undefined, extent);
    for (const pack of this.#packs.outputs) pack.empty(results);
    return results;
  }

  async #runReturned(session: InferenceSession, feeds: Readonly<Record<string, OrtTensor>>): Promise<NdArray[]> {
    const { graph, lowered } = this.parts;
    const returned = (await session.run(feeds)) as Readonly<Record<string, OrtTensor>>;
    for (const { output, op, extent } of lowered.checks.computed) {
      if (returned[output]!.data[0] !== 0) throw indexOutOfRange(op, undefined, extent);
    }
    return lowered.outputs.map(({ name, index }) => {
      const { dtype, shape } = graph.outputs[index]!;
      return { dtype, shape, data: returned[name]!.data as TypedArray } as NdArray;
    });
  }

  /** An array, or a run of its elements, as onnxruntime takes it: without a copy. */
  #view({ dtype, shape, data }: NdArray, { run }: Binding): OrtTensor {
    const { Tensor } = this.parts.runtime;
    return run
      ? new Tensor(dtype, data.subarray(run.start, run.start + run.length) as never, [run.length])
      : new Tensor(dtype, data as never, shape);
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }
}
