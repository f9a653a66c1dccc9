import { type DType, type Graph, type Shape, sizeOf } from "@semblance/core";
import { compute } from "./compute.js";
import type { TfjsDevice } from "./device.js";
import { Operations } from "./operations.js";
import type { Plan } from "./plan.js";
import { resultsOf } from "./result-shapes.js";
import type { TfTensor } from "./tf-api.js";

/** Bytes of a tensor on a device: booleans take one byte, all else four. */
export const bytesOf = ({ dtype, shape }: { readonly dtype: string; readonly shape: Shape }) =>
  sizeOf(shape) * (dtype === "bool" ? 1 : 4);

/** The most bytes that a run makes at a time, beside its inputs and constants: found by running the plan on shapes alone. */
export function peakBytes({ steps, constants }: Plan, graph: Graph, device: TfjsDevice): number {
  const heap = new ShapeHeap();
  const tf = new Operations(heap, device);
  const given = [...graph.inputs, ...constants];
  const run = {
    graph: graph.name,
    values: new Map(given.map((tensor) => [tensor, heap.given(tensor)])),
    made: new Set<TfTensor>(),
    flags: [],
    // What comes from another run is not known to the host; the check of such indices takes the most room.
    indicesOf: () => undefined,
  };
  for (const step of steps) compute(step, tf, run);
  return heap.peak;
}

/** Memory that is shared by tensors under several shapes. */
interface Block {
  readonly bytes: number;
  users: number;
}

/** Stands in for TensorFlow.js, with tensors that have no elements. */
class ShapeHeap {
  peak = 0;
  #live = 0;
  readonly #blocks = new Map<TfTensor, Block>();

  engine() {
    return {
      runKernel: (kernel: string, inputs: Record<string, TfTensor>, attributes: object) => {
        const shared = kernel === "Reshape" ? this.#blocks.get(inputs.x!) : undefined;
        const results = resultsOf(kernel, inputs, attributes).map(({ shape, dtype }) =>
          this.#make(shape, dtype, shared),
        );
        return results.length === 1 ? results[0] : results;
      },
    };
  }

  tensor(_: unknown, shape: Shape, dtype: DType): TfTensor {
    return this.#make(shape, dtype);
  }

  /** A tensor that takes no room of the run's. */
  given({ shape, dtype }: { readonly shape: Shape; readonly dtype: DType }): TfTensor {
    return this.#make(shape, dtype, { bytes: 0, users: 1 });
  }

  #make(shape: Shape, dtype: string, shared?: Block): TfTensor {
    const block = shared ?? { bytes: bytesOf({ dtype, shape }), users: 0 };
    if (block.users++ === 0) this.#live += block.bytes;
    this.peak = Math.max(this.peak, this.#live);
    const tensor: TfTensor = {
      shape,
      dtype,
      size: sizeOf(shape),
      dataId: block,
      dispose: () => {
        if (--block.users === 0) this.#live -= block.bytes;
      },
      data: () => Promise.reject(new Error("a shape has no elements")),
    };
    this.#blocks.set(tensor, block);
    return tensor;
  }
}
