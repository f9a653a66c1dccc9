import { type CompiledGraph, isSemblanceError } from "@semblance/core";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { backendDisposed, indexOutOfRange, runFailed } from "./errors.js";
import { requireIndices } from "./index-guard.js";
import type { LoweredGraph } from "./lower.js";

/** A graph as one onnxruntime session. Handles are onnxruntime's tensors in main memory. */
export class SessionGraph implements CompiledGraph<OrtTensor> {
  #session: InferenceSession | undefined;

  constructor(
    private readonly name: string,
    session: InferenceSession,
    private readonly graph: Omit<LoweredGraph, "bytes">,
  ) {
    this.#session = session;
  }

  async run(inputs: readonly OrtTensor[], spare: readonly (OrtTensor | undefined)[]): Promise<OrtTensor[]> {
    if (!this.#session) throw backendDisposed(this.name);
    const { checks, outputs } = this.graph;
    for (const { input, op, extent } of checks.fed) requireIndices(inputs[input]!.data as Int32Array, op, extent);
    const feeds: Record<string, OrtTensor> = {};
    this.graph.inputs.forEach((name, index) => {
      if (name !== undefined) feeds[name] = inputs[index]!;
    });
    // A spare buffer is written into, which saves onnxruntime an allocation; it never holds a value that this run reads.
    const fetches: Record<string, OrtTensor | null> = {};
    outputs.forEach((name, index) => {
      fetches[name] = spare[index] ?? null;
    });
    for (const { output } of checks.computed) fetches[output] = null;
    const results = await this.#run(this.#session, feeds, fetches);
    for (const { output, op, extent } of checks.computed) {
      if (results[output]!.data[0] !== 0) throw indexOutOfRange(op, undefined, extent);
    }
    return outputs.map((name, index) => spare[index] ?? (results[name] as OrtTensor));
  }

  async #run(
    session: InferenceSession,
    feeds: Record<string, OrtTensor>,
    fetches: Record<string, OrtTensor | null>,
  ): Promise<InferenceSession.OnnxValueMapType & Record<string, OrtTensor>> {
    try {
      return (await session.run(feeds, fetches)) as Record<string, OrtTensor>;
    } catch (cause) {
      throw isSemblanceError(cause) ? cause : runFailed(this.name, cause);
    }
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }
}
