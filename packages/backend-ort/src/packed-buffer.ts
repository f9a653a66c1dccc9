import { allocate, type NdArray, type TypedArray } from "@semblance/core";
import type { Tensor as OrtTensor } from "onnxruntime-node";
import type { Pack } from "./packs.js";
import type { Runtime } from "./runtime.js";

/** The memory of a pack, which one run after the other uses. */
export class PackedBuffer {
  readonly name: string;
  readonly tensor: OrtTensor;
  readonly #parts: readonly { readonly index: number; readonly data: TypedArray }[];

  constructor({ Tensor }: Runtime, { name, dtype, size, parts }: Pack) {
    const data = allocate(dtype, size);
    this.name = name;
    this.tensor = new Tensor(dtype, data as never, [size]);
    this.#parts = parts.map(({ index, start, length }) => ({ index, data: data.subarray(start, start + length) }));
  }

  /** Copies in what the parts are to hold. */
  fill(arrays: readonly NdArray[]): void {
    for (const { index, data } of this.#parts) data.set(arrays[index]!.data);
  }

  /** Copies the parts out into the arrays that they belong to. */
  empty(arrays: readonly NdArray[]): void {
    for (const { index, data } of this.#parts) arrays[index]!.data.set(data);
  }
}
